import { describe, expect, it } from 'vitest'
import { textOf } from '../../../src/domain/asked'
import { computeMetrics } from '../../../src/domain/evaluation/metrics'
import { answersFile } from '../../../src/state/compare/report'
import { textOfBlob } from '../../support/text-of-blob'
import type { Side } from '../../../src/state/compare/results.svelte'
import { composePage, type PageOptions } from '../../support/compose-page'
import { fakeScore, FINANCE_TASK } from '../../support/fake-engine'

const IDS = FINANCE_TASK.labels.map(({ id }) => id)
const TEXTS = Array.from({ length: 40 }, (_, place) => `text ${place}`)
/** The last one has no gold label. */
const LINES = TEXTS.map((text, place) => ({
  line: place + 1,
  text,
  ...(place < 39 && { goldId: ['bearish', 'neutral', 'positive'][place % 3] ?? '' }),
}))

const answer = (text: string) => {
  const { probabilities } = fakeScore(text, 0)
  return IDS[probabilities.indexOf(Math.max(...probabilities))] ?? ''
}

async function compared(options: PageOptions = {}) {
  const smallcap = await composePage(options)
  const { comparison, results, texts } = await smallcap.compareDesk.open()
  smallcap.input.useFile({ name: 'some.csv', lines: LINES, skipped: 0, unreadableRows: 0 })
  await comparison.addUsual()
  await comparison.runAll()
  const sides = results.sides
  const [first] = sides
  if (!first) throw new Error('Nothing was answered.')
  return { smallcap, comparison, results, texts, first, sides }
}

describe('results of a comparison', () => {
  it('are the figures of the answers against gold labels by any of their names', async () => {
    const { results, first } = await compared()
    const gold = LINES.slice(0, 39).map(({ goldId }) => (goldId === 'bearish' ? 'negative' : (goldId ?? '')))
    const expected = computeMetrics(IDS, gold, TEXTS.slice(0, 39).map(answer))
    expect(results.labelIds).toEqual(IDS)
    expect(results.figuresOf(first)).toMatchObject(expected)
    expect(results.figuresOf(first)).toBe(results.figuresOf(first))
    expect(results.majority).toMatchObject({ n: 39, accuracy: 1 / 3 })
  })

  it('list texts on which set-ups differ, those nobody got right, and those of a cell', async () => {
    const { results, texts, first, comparison } = await compared({
      verbs: {
        // The last set-up says of everything that it is positive.
        async classify({ texts: asked, model, mode, task }, { onResults } = {}) {
          const isLast = model.endsWith('mini') && mode.kind === 'fine-tuned'
          onResults?.(
            asked.map((text, index) => {
              const scored = fakeScore(textOf(text), index, task.labels.length)
              return isLast ? { ...scored, probabilities: [0.1, 0.1, 0.8] } : scored
            }),
          )
          return {
            ok: true,
            value: {
              ...{ model, weights: 'base', numberFormat: 'int8', backend: 'wasm', threads: 1 },
              ...{ batching: 'all', texts: asked.length, elapsedMs: 10 },
            },
          }
        },
      },
    })
    const other = TEXTS.flatMap((text, place) => (answer(text) === 'positive' ? [] : [place]))
    expect(texts.shown).toEqual(other)
    const [negative, positive] = [0, 2]
    texts.show({ kind: 'cell', sideId: first.id, gold: negative, answer: positive })
    expect(texts.side?.name).toBe('nano zero-shot')
    expect(texts.shown).toHaveLength(results.figuresOf(first)?.confusion[negative]?.[positive] ?? -1)
    texts.show({ kind: 'missed' })
    for (const place of texts.shown) expect(LINES[place]?.goldId).not.toBe(answer(TEXTS[place] ?? ''))
    texts.show({ kind: 'all' })
    expect(texts.shown).toHaveLength(40)
    const last = comparison.setups.at(-1)
    if (last) await comparison.remove(last)
    expect(texts.differing).toEqual([])
  })

  it('say without gold labels only who differs', async () => {
    const { smallcap, comparison, results } = await compared()
    smallcap.input.useFile({
      name: 'other.csv',
      lines: LINES.map(({ line, text }) => ({ line, text })),
      skipped: 0,
      unreadableRows: 0,
    })
    expect(comparison.setups.map(({ changes }) => changes)).toEqual([[], [], [], []])
    expect(results.hasGold).toBe(false)
    expect(results.majority).toBeUndefined()
    expect(results.sides.map((side: Side) => results.figuresOf(side))).toEqual(
      Array.from({ length: 4 }, () => undefined),
    )
  })

  it('leave out a set-up whose answers are to something else', async () => {
    const { comparison, results } = await compared()
    const [first] = comparison.setups
    if (first) comparison.change(first, { mode: 'k-shot' })
    expect(results.sides.map(({ name }) => name)).toEqual([
      'nano fine-tuned',
      'mini zero-shot',
      'mini fine-tuned',
    ])
  })

  it('leave the page as a table of answers', async () => {
    const { results } = await compared()
    const turns = { now: () => performance.now(), next: () => Promise.resolve() }
    const table = (await textOfBlob(await answersFile(results, 'exact', turns))).split('\r\n')
    expect(table[0]).toContain('line,text,pair,gold,nano zero-shot,')
    expect(table[1]).toContain(`1,text 0,,negative,${answer('text 0')},`)
    expect(table).toHaveLength(42)
  })
})
