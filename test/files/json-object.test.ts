import { describe, expect, it } from 'vitest'
import { readWhole } from './whole-file'

const expected = [
  { row: 1, text: 'Up', labelId: 'positive', other: { label: 'bullish', id: '7' } },
  { row: 2, text: 'Down', labelId: 'negative', other: { label: 'bearish', id: '8' } },
]
const records = [
  { text: 'Up', label: 'bullish', id: 7 },
  { text: 'Down', label: 'bearish', id: 8 },
]

describe('JSON that holds rows inside an object', () => {
  it.each<[string, unknown]>([
    ['lists as columns', { text: ['Up', 'Down'], label: ['bullish', 'bearish'], id: [7, 8] }],
    [
      'columns of cells by row, as pandas writes them',
      { text: { 0: 'Up', 1: 'Down' }, label: { 0: 'bullish', 1: 'bearish' }, id: { 0: 7, 1: 8 } },
    ],
    [
      'names of columns beside rows, as pandas writes them',
      {
        columns: ['text', 'label', 'id'],
        index: [0, 1],
        data: [
          ['Up', 'bullish', 7],
          ['Down', 'bearish', 8],
        ],
      },
    ],
    ['records by their ids', { a: records[0], b: records[1] }],
    ['records under data', { version: 1, data: records }],
    ['records under a name of their own', { about: { by: 'us' }, tags: [1, 2], tweets: records }],
  ])('%s, in one line or over several', async (_, value) => {
    for (const content of [
      JSON.stringify(value),
      JSON.stringify(value, undefined, 2),
      `\uFEFF ${JSON.stringify(value)}\r\n`,
    ]) {
      const { rows, preview } = await readWhole('a.json', content)
      expect(preview.reading.layout.kind).toBe('json object')
      expect(preview).toMatchObject({ rows: { count: 2, isExact: true }, rowsAreCountedIn: 'records' })
      expect(rows).toEqual(expected)
    }
  })

  it('texts under data', async () => {
    const { rows } = await readWhole('a.json', '{"data": ["Up", "Down"]}')
    expect(rows.map(({ text }) => text)).toEqual(['Up', 'Down'])
  })

  it('beyond what a guess looks at, without a name that says JSON', async () => {
    const text = Array.from({ length: 20_000 }, (_, index) => `Text ${index}`)
    const { rows } = await readWhole('data', JSON.stringify({ text, n: text.map((_, index) => index) }))
    expect(rows).toHaveLength(20_000)
    expect(rows.at(-1)).toEqual({ row: 20_000, text: 'Text 19999', other: { n: '19999' } })
  })

  it('leaves out what is no record, and says which', async () => {
    const { rows, summary } = await readWhole('a.json', '{"data": [{"text": "Up"}, "Down"], "n": 2}')
    expect(rows.map(({ text }) => text)).toEqual(['Up', 'Down'])
    expect(summary.skipped.count).toBe(0)
  })
})

it('a record alone is a record, whatever lists it has', async () => {
  const content = '{"text": "Up", "entities": [{"name": "ACME"}]}\n'
  for (const name of ['a.json', 'a.jsonl']) {
    const { rows, preview } = await readWhole(name, content)
    expect(preview.reading.layout.kind).toBe('json lines')
    expect(rows).toEqual([{ row: 1, text: 'Up', other: { entities: '[{"name":"ACME"}]' } }])
  }
})

describe('JSON lines', () => {
  it('may begin with a byte order mark and end in CR LF', async () => {
    const { rows, summary } = await readWhole('a.jsonl', '\uFEFF{"text":"Up"}\r\n\r\n{"text":"Down"}\r\n')
    expect(rows).toEqual([
      { row: 1, text: 'Up', other: {} },
      { row: 3, text: 'Down', other: {} },
    ])
    expect(summary.skipped.count).toBe(0)
  })

  it('hold characters as escapes, halves of pairs among them', async () => {
    const { rows } = await readWhole('a.jsonl', '{"text":"\\ud83d\\ude80 \\ud83d \\u0000"}\n')
    expect(rows[0]?.text).toBe('🚀 \ud83d \0')
  })
})
