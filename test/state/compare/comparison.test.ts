import { describe, expect, it } from 'vitest'
import type { Comparison } from '../../../src/state/compare/comparison.svelte'
import { SETUPS_AT_MOST } from '../../../src/state/compare/comparison.svelte'
import type { Setup } from '../../../src/state/compare/setup.svelte'
import { composePage, type PageOptions } from '../../support/compose-page'
import { FINANCE_TASK } from '../../support/fake-engine'
import { MemoryStore } from '../../support/memory-store'

const TEXT = 'up\ndown\nflat'

/** The comparison of the project that lies in `store`. */
async function visit(options: PageOptions = {}) {
  const store = options.store ?? new MemoryStore()
  const smallcap = await composePage({ ...options, store })
  const { comparison, live } = await smallcap.compareDesk.open()
  return { smallcap, comparison, live, store }
}

async function withUsual(options: PageOptions = {}) {
  const visited = await visit(options)
  visited.smallcap.input.write(TEXT)
  await visited.comparison.addUsual()
  return visited
}

const at = (comparison: Comparison, place: number): Setup => {
  const setup = comparison.setups[place]
  if (!setup) throw new Error(`There is no set-up ${place}.`)
  return setup
}
const counts = (comparison: Comparison) => comparison.setups.map(({ answers }) => answers?.count ?? 0)
const until = async (isSo: () => boolean) => {
  while (!isSo()) await new Promise((resolve) => setTimeout(resolve))
}

describe('comparison', () => {
  it('asks all set-ups about the same texts, one after another', async () => {
    const { comparison } = await withUsual()
    expect(comparison.names).toEqual([
      'nano zero-shot',
      'nano fine-tuned',
      'mini zero-shot',
      'mini fine-tuned',
    ])
    const running: number[] = []
    const all = comparison.runAll()
    while (comparison.queue.isRunning) {
      running.push(comparison.setups.filter(({ run }) => run.isRunning).length)
      await new Promise((resolve) => setTimeout(resolve))
    }
    await all
    expect(Math.max(...running)).toBe(1)
    expect(counts(comparison)).toEqual([3, 3, 3, 3])
    expect(comparison.setups.map(({ answers }) => answers?.summary.weights)).toEqual([
      'base',
      'finance',
      'base',
      'finance',
    ])
  })

  it('keeps set-ups and answers over a reload, and goes on where a set-up was stopped', async () => {
    const { comparison, store } = await withUsual({ delayMs: 5 })
    const all = comparison.runAll()
    await until(() => (at(comparison, 1).run.shown?.count ?? 0) > 0)
    comparison.queue.stopAll()
    await all
    const [first, second] = counts(comparison)
    expect(first).toBe(3)
    expect(second).toBeGreaterThan(0)
    expect(second).toBeLessThan(3)
    const { comparison: again } = await visit({ store })
    await until(() => again.lines !== undefined)
    expect(counts(again)).toEqual([3, second, 0, 0])
    const runIds = again.setups.map(({ run }) => run.shown?.runId)
    await again.runAll()
    expect(counts(again)).toEqual([3, 3, 3, 3])
    expect(again.setups.slice(0, 2).map(({ run }) => run.shown?.runId)).toEqual(runIds.slice(0, 2))
  })

  it('stops one set-up, or one that waits, and goes on with the others', async () => {
    const { comparison } = await withUsual({ delayMs: 5 })
    const all = comparison.runAll()
    await until(() => (at(comparison, 0).run.shown?.count ?? 0) > 0)
    expect(comparison.queue.waits(at(comparison, 2))).toBe(true)
    comparison.queue.stop(at(comparison, 0))
    comparison.queue.stop(at(comparison, 2))
    await all
    expect(at(comparison, 0).run.status.kind).toBe('stopped')
    expect(counts(comparison).slice(1)).toEqual([3, 0, 3])
  })

  it('does not compare answers to another text, mode, number format or task, and says why', async () => {
    const { smallcap, comparison } = await withUsual()
    await comparison.runAll()
    const first = at(comparison, 0)
    comparison.change(first, { mode: 'k-shot' })
    expect(first.changes).toEqual(['mode'])
    expect(first.answers).toBeUndefined()
    comparison.change(first, { mode: 'zero-shot', numberFormat: 'fp32' })
    expect(first.changes).toEqual(['number format'])
    await comparison.queue.run([first])
    expect(first.answers?.summary.numberFormat).toBe('fp32')
    smallcap.input.write('up\nup')
    expect(first.changes).toEqual(['texts'])
    smallcap.input.write(TEXT)
    expect(first.changes).toEqual([])
    await smallcap.project.change({
      task: { labels: FINANCE_TASK.labels, template: 'Is {text} good?' },
    })
    expect(first.changes).toEqual(['template'])
    comparison.change(first, { template: 'model' })
    expect(first.changes).toEqual([])
  })

  it('asks in the number format of a set-up and brings the model back afterwards', async () => {
    const formats: (string | undefined)[] = []
    const { smallcap, comparison } = await visit()
    smallcap.input.write(TEXT)
    const added = await comparison.addPicked()
    if (added) comparison.change(added, { mode: 'zero-shot', numberFormat: 'fp32' })
    const again = await comparison.addPicked()
    if (again) comparison.change(again, { mode: 'zero-shot' })
    await comparison.runAll()
    for (const { answers } of comparison.setups) formats.push(answers?.summary.numberFormat)
    expect(formats).toEqual(['fp32', 'int8'])
    expect(comparison.names).toEqual(['nano zero-shot, fp32', 'nano zero-shot'])
    expect(smallcap.loader.summaryOf('smallcap-t5-nano')?.numberFormat).toBe('int8')
  })

  it('does not take old answers for those of a run that was stopped before its first', async () => {
    const { comparison, store } = await withUsual({ delayMs: 5 })
    const first = at(comparison, 0)
    await comparison.queue.run([first])
    comparison.change(first, { numberFormat: 'fp32' })
    let isPlanned = false
    const plan = comparison.asking.plan.bind(comparison.asking)
    comparison.asking.plan = async (record) => {
      const planned = await plan(record)
      isPlanned = true
      return planned
    }
    const run = comparison.queue.run([first])
    await until(() => isPlanned)
    comparison.queue.stop(first)
    await run
    expect(first.run.status.kind).toBe('stopped')
    expect(first.changes).toEqual(['number format'])
    expect(first.answers).toBeUndefined()
    const { comparison: again } = await visit({ store })
    await until(() => again.lines !== undefined)
    expect(at(again, 0).changes).toEqual(['number format'])
    comparison.change(first, { numberFormat: null })
    expect(first.answers?.count).toBe(3)
  })

  it('does not take older answers for those of a run whose first ones were lost with the page', async () => {
    const { comparison, store } = await withUsual()
    await comparison.queue.run([at(comparison, 0)])
    const [key = '', record] = [...store.records].find(([name]) => name.endsWith('compare')) ?? []
    store.records.set(key, JSON.parse(JSON.stringify(record).replace(/"runId":"[^"]*"/, '"runId":"later"')))
    const { comparison: again } = await visit({ store })
    await until(() => again.lines !== undefined)
    expect(at(again, 0).changes).toEqual(['set-up'])
  })

  it('names what a model cannot be asked and goes on with the others', async () => {
    const { comparison } = await withUsual({ failsLoadOf: 'smallcap-t5-nano' })
    await comparison.runAll()
    expect(at(comparison, 0).run.status).toMatchObject({
      kind: 'failed',
      error: { code: 'model-unavailable' },
    })
    expect(counts(comparison)).toEqual([0, 0, 3, 3])
    comparison.change(at(comparison, 3), { adapter: 'gone' })
    await comparison.queue.run([at(comparison, 3)])
    expect(at(comparison, 3).run.status).toMatchObject({
      error: { message: expect.stringContaining('“gone” is no longer on this model') as string },
    })
  })

  it('duplicates, changes and removes set-ups, and takes no more than can be read', async () => {
    const { comparison, store } = await withUsual()
    await comparison.runAll()
    await comparison.duplicate(at(comparison, 0))
    expect(comparison.names.slice(0, 2)).toEqual(['nano zero-shot', 'nano zero-shot (2)'])
    expect(counts(comparison).slice(0, 2)).toEqual([3, 0])
    const gone = at(comparison, 0)
    await comparison.remove(gone)
    expect(comparison.setups).toHaveLength(4)
    expect([...store.records.keys()].filter((key) => key.includes(gone.id))).toEqual([])
    while (comparison.setups.length < SETUPS_AT_MOST) await comparison.addPicked()
    expect(await comparison.addPicked()).toBeUndefined()
    expect(comparison.trouble).toMatch(/At most 16 set-ups are compared: remove one to add another/)
  })

  it('compares on the texts that were labelled by hand', async () => {
    const { smallcap, comparison } = await withUsual()
    const labelling = await smallcap.desk.open()
    await labelling.add(['rise', 'fall', 'rest'].map((text, place) => ({ line: place + 1, text })))
    await labelling.label('positive')
    await labelling.label('negative')
    comparison.useSource('labels')
    expect(comparison.lines?.map(({ text, goldId }) => [text, goldId])).toEqual([
      ['rise', 'positive'],
      ['fall', 'negative'],
    ])
    expect(comparison.goldCount).toBe(2)
    await comparison.runAll()
    expect(counts(comparison)).toEqual([2, 2, 2, 2])
    await labelling.label('positive')
    expect(at(comparison, 0).changes).toEqual(['texts'])
  })

  it('holds what is under way when another project is opened', async () => {
    const { smallcap, comparison, store } = await withUsual({ delayMs: 5 })
    void comparison.runAll()
    await until(() => (at(comparison, 0).run.shown?.count ?? 0) > 0)
    expect(smallcap.isClassifying).toBe(true)
    await smallcap.leave()
    expect(smallcap.isClassifying).toBe(false)
    const { comparison: again } = await visit({ store })
    await until(() => again.lines !== undefined)
    expect(at(again, 0).run.status.kind).toBe('paused')
    expect(at(again, 1).run.shown).toBeUndefined()
  })
})

describe('one text for all set-ups', () => {
  it('is answered by each, the newest text alone', async () => {
    const { comparison, live } = await withUsual()
    live.write('first')
    live.write('second')
    await live.ask()
    for (const setup of comparison.setups)
      expect(live.answerOf(setup)).toMatchObject({ kind: 'answered', scored: { inputTokens: 2 } })
    live.write(' ')
    await live.ask()
    expect(live.answerOf(at(comparison, 0))).toBeUndefined()
  })

  it('waits for the runs', async () => {
    const { comparison, live } = await withUsual({ delayMs: 5 })
    const all = comparison.runAll()
    live.write('meanwhile')
    await until(() => live.answerOf(at(comparison, 0))?.kind === 'answered')
    expect(counts(comparison)).toEqual([3, 3, 3, 3])
    await all
  })
})
