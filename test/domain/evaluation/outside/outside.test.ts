import { describe, expect, it } from 'vitest'
import { matchPredictions } from '../../../../src/domain/evaluation/outside/match-predictions'
import { readPredictions } from '../../../../src/domain/evaluation/outside/read-predictions'
import type { Line } from '../../../../src/domain/lines'
import { exportCsv } from '../../exported'
import { FINANCE_TASK } from '../../finance-task'
import { rowOf } from '../../rows'

const { labels } = FINANCE_TASK

function read(text: string) {
  const found = readPredictions(text, labels)
  if (!found.ok) throw new Error(found.error.message)
  return found.value
}

const answers = (text: string) => read(text).predictions.map(({ labelId }) => labelId)

describe('readPredictions', () => {
  it.each([
    ['id,prediction,label\n1,positive,negative\n2,bearish,positive\n', ['positive', 'negative']],
    ['text\tanswer\nSales rose again\t"Positive."\nIt fell again\t**Negative**\n', ['positive', 'negative']],
    ['{"id": 1, "pred": 2}\n{"id": 2, "pred": 0}', ['positive', 'negative']],
    ['[{"text": "Sales rose", "label": "bullish"}]', ['positive']],
    ['id,negative,neutral,positive\n1,0.1,0.2,0.7\n2,0.5,0.3,0.2\n', ['positive', 'negative']],
    ['{"id":"a","scores":{"negative":0.1,"neutral":0.8,"positive":0.1}}', ['neutral']],
    ['line,sentiment\n1,Neutral\n', ['neutral']],
  ])('%j', (text, expected) => {
    expect(answers(text)).toEqual(expected)
  })

  it('reads probabilities in label order where all are there', () => {
    const text = 'id,p_positive,p_negative,p_neutral,label\n1,0.7,0.1,0.2,positive\n2,,,,neutral\n'
    expect(read(text).predictions.map(({ probabilities }) => probabilities)).toEqual([
      [0.1, 0.2, 0.7],
      undefined,
    ])
    expect(read('id,p_positive,label\n1,0.7,positive\n').predictions[0]?.probabilities).toBeUndefined()
  })

  it('counts answers that are no label, and numbers that are a guess', () => {
    const found = read('id,label\n1,I cannot say\n2,positive\n3,I cannot say\n4,mixed\n')
    expect(found.unknownLabels).toEqual([
      { name: 'I cannot say', count: 2 },
      { name: 'mixed', count: 1 },
    ])
    expect(found.predictions.map(({ fileLine }) => fileLine)).toEqual([3])
    expect([found.areLabelsNumbered, read('id,label\n7,2\n').areLabelsNumbered]).toEqual([false, true])
  })

  it('names broken rows and keeps the others', () => {
    const found = read(
      'id,p_negative,p_neutral,p_positive,label\n1,0.1,0.2,7,positive\n2,0.1,0.2,0.7,\n3\n4,,,,\n',
    )
    expect(found.predictions.map(({ fileLine, labelId }) => [fileLine, labelId])).toEqual([[3, 'positive']])
    expect(found.troubles.map(({ message }) => message)).toEqual([
      'Line 2, column 4 (p_positive): "7" should be a probability from 0 to 1.',
      'Line 4, column 1: 1 field where the header has 5; a text that holds a separator needs quotes around it.',
      'Line 5 (label): the answer is missing.',
    ])
  })

  it.each([
    ['', 'Line 1: the file is empty'],
    ['id,length\n1,7\n', 'Line 2: no column holds a label; name it "label" or "prediction".'],
    [
      'label,score\npositive,0.5\n',
      'Line 2: a column is needed to know the texts by: "id", "line" or one of text',
    ],
    ['{"id": 1', 'Line 1: this is not valid JSON'],
    ['id,label\n', 'Line 1: no row was found.'],
  ])('refuses %j', (text, message) => {
    const found = readPredictions(text, labels)
    expect(found.ok ? '' : found.error.message).toContain(message)
  })
})

const lineOf = (line: number, text: string, more: Partial<Line> = {}): Line => ({ line, text, ...more })
const lines = [
  lineOf(2, 'Sales rose', { other: { ID: 'x1' } }),
  lineOf(3, 'It fell', { other: { ID: 'x2' } }),
  lineOf(4, 'Same here', { other: { ID: 'x3' } }),
  lineOf(5, 'same  HERE', { other: { ID: 'x4' } }),
  lineOf(6, '=1 is up', { other: { ID: '' } }),
]

function match(text: string, of: readonly Line[] = lines) {
  const { predictions, idColumn } = read(text)
  const { byLine, ...rest } = matchPredictions(of, predictions, idColumn)
  return { ...rest, answers: byLine.map((each) => each?.labelId) }
}

describe('matchPredictions', () => {
  it('goes by the data set’s own ids', () => {
    expect(match('id,label\nx2,negative\nx1,positive\nx9,neutral\n')).toEqual({
      answers: ['positive', 'negative', undefined, undefined, undefined],
      matchedById: 2,
      matchedByText: 0,
      unmatched: [4],
      unanswered: 3,
      doubles: [],
    })
  })

  it('goes by line numbers, unless the text is another one', () => {
    const found = match(
      'line,text,label\n2,Sales rose,positive\n3,Sales rose,neutral\n3,Unknown text,neutral\n',
    )
    expect(found).toMatchObject({ matchedById: 1, matchedByText: 1, unmatched: [4] })
    expect(found.doubles).toEqual([{ index: 0, kept: 2, dropped: 3, isSame: false }])
  })

  it('goes by texts, one answer for all that are the same or one for each', () => {
    expect(match('text,label\nsame here,neutral\n').answers.slice(2, 4)).toEqual(['neutral', 'neutral'])
    const each = match('text,label\nsame here,neutral\nSame here,positive\nSame here,positive\n')
    expect(each.answers.slice(2, 4)).toEqual(['neutral', 'positive'])
    expect(each.doubles).toEqual([{ index: 3, kept: 3, dropped: 4, isSame: true }])
  })

  it('takes ids that several lines have for none', () => {
    const same = [lineOf(1, 'One text', { other: { id: '7' } }), lineOf(2, 'Another', { other: { id: '7' } })]
    expect(match('id,label\n7,neutral\n', same)).toMatchObject({ unmatched: [2], unanswered: 2 })
    expect(match('id,text,label\n7,another,neutral\n', same).answers).toEqual([undefined, 'neutral'])
  })

  it('knows the rows of our own exports, also those made safe for spreadsheets', () => {
    const rows = lines.map(({ line, text }, index) => rowOf({ index, line, text, labelId: 'neutral' }))
    const run = { model: 'm', weights: 'base', parts: [] }
    for (const form of ['exact', 'spreadsheet-safe'] as const) {
      const found = match(exportCsv(rows, labels, run, form))
      expect(found).toMatchObject({ matchedById: 5, unmatched: [], unanswered: 0, doubles: [] })
    }
  })

  it('matches pairs as pairs', () => {
    const pairs = [
      lineOf(1, 'A man sleeps', { pair: 'He rests' }),
      lineOf(2, 'A man sleeps', { pair: 'He runs' }),
    ]
    const text = 'premise,hypothesis,label\nA man sleeps,He runs,negative\nA man sleeps,He rests,positive\n'
    expect(match(text, pairs).answers).toEqual(['positive', 'negative'])
  })
})
