import * as v from 'valibot'
import { describe, expect, it } from 'vitest'
import type { Comparison } from '../../../src/state/compare/comparison.svelte'
import { mergedComparison } from '../../../src/state/compare/merged'
import {
  COMPARE_KEY,
  comparisonSchema,
  type ComparisonRecord,
  type SetupRecord,
} from '../../../src/storage/compare-record'
import { composePage } from '../../support/compose-page'
import { MemoryStore } from '../../support/memory-store'
import { tabChannels } from '../../support/tab-channel'

/** Tabs of one browser on the same project. */
async function tabs() {
  const store = new MemoryStore()
  const openChannel = tabChannels()
  const open = async (): Promise<Comparison> => {
    const smallcap = await composePage({ store, openChannel })
    smallcap.input.write('up\ndown\nflat')
    return (await smallcap.compareDesk.open()).comparison
  }
  return { store, one: await open(), other: await open(), open }
}
const until = async (isSo: () => boolean) => {
  while (!isSo()) await new Promise((resolve) => setTimeout(resolve))
}
const ids = ({ setups }: Comparison) => setups.map(({ id }) => id)
const storedIds = ({ records }: MemoryStore) => {
  return v.parse(comparisonSchema, records.get(COMPARE_KEY)).setups.map(({ id }) => id)
}
const NANO = 'smallcap-t5-nano'

describe('two tabs that compare in one project', () => {
  it('keep each other’s set-ups, added at the same time, and both show all of them', async () => {
    const { store, one, other, open } = await tabs()
    await Promise.all([
      one.add([one.choiceOf(NANO, 'zero-shot')]),
      other.add([other.choiceOf(NANO, 'k-shot')]),
    ])
    await until(() => ids(one).length === 2 && ids(other).length === 2)
    expect(new Set(storedIds(store))).toEqual(new Set([...ids(one), ...ids(other)]))
    expect(storedIds(store)).toHaveLength(2)
    expect(new Set(ids(await open()))).toEqual(new Set(ids(one)))
  })

  it('lose no set-up while one of them changes its own, and let go of what either removed', async () => {
    const { store, one, other } = await tabs()
    const [first, second] =
      (await one.add(
        ['zero-shot', 'k-shot'].map((mode) => one.choiceOf(NANO, mode === 'k-shot' ? mode : 'zero-shot')),
      )) ?? []
    if (!first || !second) throw new Error('Nothing was added.')
    await until(() => ids(other).length === 2)
    one.change(first, { seed: 5 })
    const theirs = other.setups.find(({ id }) => id === second.id)
    if (!theirs) throw new Error('It is not there.')
    other.change(theirs, { k: 10 })
    await until(() => other.setups[0]?.record.seed === 5 && second.record.k === 10)
    await other.remove(theirs)
    await until(() => ids(one).length === 1)
    one.useSource('labels')
    await until(() => other.source === 'labels')
    expect(storedIds(store)).toEqual([first.id])
  })

  it('show the answers that the other got', async () => {
    const { one, other } = await tabs()
    await one.add([one.choiceOf(NANO, 'zero-shot')])
    await until(() => ids(other).length === 1)
    await one.runAll()
    await until(() => other.setups[0]?.answers?.count === 3)
    expect(other.setups[0]?.run.shown?.runId).toBe(one.setups[0]?.run.shown?.runId)
  })
})

it('what two tabs made of one comparison is merged set-up by set-up', () => {
  const setup = (id: string, seed = 1): SetupRecord => ({
    ...{ id, model: NANO, mode: 'k-shot', adapter: null, k: 5, policy: 'balanced', seed },
    ...{ template: 'project', numberFormat: null, ran: null },
  })
  const of = (...setups: SetupRecord[]): ComparisonRecord => ({ version: 1, source: 'classify', setups })
  const base = of(setup('a'), setup('b'), setup('c'), setup('d'))
  const other = of(setup('a', 2), setup('c', 2), setup('d'), setup('e'))
  const own = of(setup('d'), setup('c', 3), setup('b'), setup('f'), setup('a'))
  expect(mergedComparison(base, other, own).setups).toEqual([
    setup('d'),
    setup('c', 3),
    setup('f'),
    setup('a', 2),
    setup('e'),
  ])
  expect(mergedComparison(base, { ...base, source: 'labels' }, base).source).toBe('labels')
  expect(mergedComparison(base, base, { ...base, source: 'labels' }).source).toBe('labels')
})
