import { describe, expect, it } from 'vitest'
import { sureSides } from '../../../src/ui/compare/charts/sure-sides'
import { composePage } from '../../support/compose-page'
import { nodeFile } from '../../support/node-file.mjs'
import { MemoryStore } from '../../support/memory-store'

const LINES = ['up', 'down', 'flat'].map((text, place) => ({
  line: place + 2,
  text,
  goldId: ['positive', 'negative', 'neutral'][place] ?? '',
}))

async function visit(store = new MemoryStore()) {
  const smallcap = await composePage({ store })
  const { comparison, outside, results, texts } = await smallcap.compareDesk.open()
  if (smallcap.input.isSample)
    smallcap.input.useFile({ name: 'some.csv', lines: LINES, skipped: 0, unreadableRows: 0 })
  await smallcap.input.stored()
  return { comparison, outside, results, texts, store }
}

const file = (content: string, name = 'gpt.csv') => nodeFile(content, name)

describe('answers of other systems', () => {
  it('are compared by text with their own figures, before any set-up is asked and over a reload', async () => {
    const { outside, results, texts, comparison, store } = await visit()
    await outside.take(file('text,prediction\nUP,bullish\ndown,Positive.\nelsewhere,neutral\nup,negative\n'))
    const [answers] = outside.all
    expect(answers?.matched).toMatchObject({ matchedByText: 3, unmatched: [4], unanswered: 1 })
    expect(answers?.matched.doubles).toEqual([{ index: 0, kept: 2, dropped: 5, isSame: false }])
    expect(results.sides.map(({ name, answers: column }) => [name, [...column]])).toEqual([
      ['gpt.csv', [2, 2, -1]],
    ])
    const [side] = results.sides
    expect(side && results.figuresOf(side)).toMatchObject({ n: 2, accuracy: 0.5 })
    const { outside: again, results: resultsAgain } = await visit(store)
    expect(again.all.map(({ record }) => record.name)).toEqual(['gpt.csv'])
    expect([...(resultsAgain.sides[0]?.answers ?? [])]).toEqual([2, 2, -1])

    await comparison.addPicked()
    await comparison.runAll()
    expect(results.sides.map(({ number }) => number)).toEqual([1, 2])
    expect(texts.differing.length).toBeGreaterThan(0)
    const [first] = outside.all
    if (first) await outside.remove(first)
    expect(results.sides).toHaveLength(1)
    expect([...store.records.keys()].filter((key) => key.startsWith('compare/outside/'))).toEqual([])
  })

  it('say how sure they are where the file has probabilities', async () => {
    const { outside, results } = await visit()
    await outside.take(file('text,p_negative,p_neutral,p_positive\nup,.1,.2,.7\ndown,.6,.2,.2\n', 'sure.csv'))
    await outside.take(
      file(
        '{"text":"up","label":"positive","probs":{"negative":0.2,"neutral":0.2,"positive":0.6}}\n{"text":"down","label":"neutral"}\n',
        'some.jsonl',
      ),
    )
    await outside.take(file('text,prediction\nup,positive\n'))
    expect(results.sides.map(({ confidences }) => confidences && [...confidences])).toEqual([
      [0.7, 0.6, Number.NaN],
      [0.6, Number.NaN, Number.NaN],
      undefined,
    ])
    const sure = sureSides(results.sides, results.gold)
    expect(sure.map(({ confidences, right }) => [confidences, right])).toEqual([
      [
        [0.7, 0.6],
        [true, true],
      ],
      [[0.6], [true]],
    ])
  })

  it('say what is wrong with a file that cannot be taken', async () => {
    const { outside } = await visit()
    await outside.take(file('a,b\n1,2\n', 'odd.csv'))
    expect(outside.all).toEqual([])
    expect(outside.trouble).toMatch(/^odd\.csv: Line \d+: /)
    for (let count = 0; count < 7; count += 1) await outside.take(file('line,prediction\n2,positive\n'))
    expect(outside.all).toHaveLength(6)
    expect(outside.trouble).toMatch(/at most 6 files of answers are compared/)
  })
})
