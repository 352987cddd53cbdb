import { describe, expect, it } from 'vitest'
import type { ColumnSample } from '../../src/domain/columns'
import { recogniseDataset } from '../../src/domain/known-datasets'
import { countLabels, findExchangedLabels } from '../../src/domain/label-balance'
import { FINANCE_TASK } from './finance-task'

const { labels } = FINANCE_TASK
const column = (name: string, ...values: string[]): ColumnSample => ({ name, values })
const text = (name: string) => column(name, 'Profit rose', 'Profit fell')
/** The columns of a table without a head: polarity, id, date, query, user, text. */
const tweets = (...polarities: string[]) => [
  column('column 1', ...polarities),
  column('column 2', '1467810369'),
  column('column 3', 'Mon Apr 06 22:19:45 PDT 2009'),
  column('column 4', 'NO_QUERY'),
  column('column 5', 'somebody'),
  text('column 6'),
]
const recognise = (...columns: ColumnSample[]) => recogniseDataset(columns, labels)

describe('recogniseDataset', () => {
  it.each([
    ['tfsn', [text('text'), column('label', '0', '1', '2')], { 0: 'negative', 1: 'positive', 2: 'neutral' }],
    ['tfsn', [text('text'), column('label', '2', '2.0')], { 0: 'negative', 1: 'positive', 2: 'neutral' }],
    [
      'fpb',
      [text('sentence'), column('label', '0', '1', '2')],
      { 0: 'negative', 1: 'neutral', 2: 'positive' },
    ],
    [
      'sst-2',
      [column('idx', '7'), text('sentence'), column('label', '0', '1')],
      { 0: 'negative', 1: 'positive' },
    ],
    ['sst-2', [column('label', '1', '-1'), text('content')], { 0: 'negative', 1: 'positive' }],
    ['imdb', [text('review'), column('sentiment', 'positive', 'negative')], { negative: 'negative' }],
    ['sentiment140', tweets('0', '4'), { 0: 'negative', 4: 'positive' }],
    ['sentiment140', tweets('0'), { 0: 'negative', 4: 'positive' }],
    [
      'sentfin',
      [column('S No.', '1'), text('Title'), column('Decisions', "{'A': 'neutral'}"), column('Words', '8')],
      { negative: 'negative', neutral: 'neutral', positive: 'positive' },
    ],
  ] as const)('knows %s', (id, columns, labelIds) => {
    expect(recognise(...columns)).toMatchObject({ id, labelRule: { labelIds } })
  })

  it('knows FiQA, whose labels are scores', () => {
    const found = recognise(
      text('sentence'),
      column('target', 'AAPL'),
      column('sentiment_score', '-0.4', '0.2'),
    )
    expect(found).toMatchObject({ id: 'fiqa', labelColumn: 'sentiment_score' })
    expect(found?.labelRule).toMatchObject({
      kind: 'score',
      lowId: 'negative',
      middleId: 'neutral',
      highId: 'positive',
    })
  })

  it.each([
    ['other labels', [text('text'), column('label', '0', '7')]],
    ['no label', [text('text'), column('label', '', '')]],
    ['other columns', [text('words'), column('label', '0')]],
    ['scores without a target', [text('sentence'), column('score', '0.4')]],
    ['reviews with more columns', [text('review'), column('sentiment', 'positive'), column('id', '1')]],
    [
      'six columns without dates',
      tweets('0', '4').map((each) => ({ ...each, values: each.name === 'column 3' ? ['1'] : each.values })),
    ],
    ['six columns of other numbers', tweets('0', '5')],
    ['decisions that are no list', [text('title'), column('decisions', 'yes')]],
  ])('does not know a table with %s', (_, columns) => {
    expect(recognise(...columns)).toBeUndefined()
  })

  it('does not give a map into labels that the task does not have', () => {
    const twoClasses = labels.filter(({ id }) => id !== 'neutral')
    expect(recogniseDataset([text('text'), column('label', '0', '2')], twoClasses)).toBeUndefined()
  })
})

describe('findExchangedLabels', () => {
  const warning = (cells: readonly string[]) => {
    const dataset = recognise(text('text'), column('label', ...cells))
    if (!dataset) throw new Error('TFSN was not recognised')
    return findExchangedLabels(dataset, countLabels(cells, dataset.labelRule))
  }
  const cells = (zero: number, one: number, two: number): string[] => [
    ...Array.from({ length: zero }, () => '0'),
    ...Array.from({ length: one }, () => '1'),
    ...Array.from({ length: two }, () => '2'),
  ]

  it('is silent about the published balance', () => {
    expect(warning(cells(347, 475, 1566))).toBeUndefined()
  })

  it('names 1 and 2 when their shares are exchanged', () => {
    const found = warning(cells(347, 1566, 475))
    expect(found).toMatchObject({ names: ['1', '2'], majorityId: 'positive', publishedMajorityId: 'neutral' })
    expect(found?.message).toContain('Labels 1 and 2 may be exchanged')
    expect(found?.message).toContain('66 %')
  })

  it('says nothing about a handful of rows', () => {
    expect(warning(cells(2, 20, 3))).toBeUndefined()
  })
})
