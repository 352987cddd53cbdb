import { describe, expect, it } from 'vitest'
import { exportCsv } from '../domain/exported'
import { FINANCE_TASK } from '../domain/finance-task'
import { rowOf } from '../domain/rows'
import { readWhole } from './whole-file'

const textsOf = (rows: readonly { readonly text: string }[]): string[] => rows.map(({ text }) => text)

describe('lines', () => {
  it('are texts, whatever ends them, with their line numbers', async () => {
    const { rows, preview } = await readWhole('a.txt', 'Up, by 5 %\r\n\r\n  Down \rSame\n')
    expect(rows).toEqual([
      { row: 1, text: 'Up, by 5 %', other: {} },
      { row: 3, text: 'Down', other: {} },
      { row: 4, text: 'Same', other: {} },
    ])
    expect(preview).toMatchObject({ rows: { count: 3, isExact: true }, rowsAreCountedIn: 'lines' })
  })

  it('that end in CR alone are lines too', async () => {
    expect(textsOf((await readWhole('a.txt', 'one\rtwo\rthree')).rows)).toEqual(['one', 'two', 'three'])
  })

  it('of Financial PhraseBank have a label behind an @', async () => {
    const { rows, preview } = await readWhole('a.txt', 'Sales rose .@positive\nMail a@b.fi .@neutral\n')
    expect(preview.dataset?.id).toBe('fpb')
    expect(rows).toEqual([
      { row: 1, text: 'Sales rose .', labelId: 'positive', other: { label: 'positive' } },
      { row: 2, text: 'Mail a@b.fi .', labelId: 'neutral', other: { label: 'neutral' } },
    ])
  })

  it('with addresses are not taken for it', async () => {
    const { preview } = await readWhole('a.txt', 'write to me@home\nor to you@work\n')
    expect(preview.reading.layout.kind).toBe('lines')
  })

  it('that are a table with a known header are read as one', async () => {
    const { rows } = await readWhole('a.txt', 'id\ttext\n7\tUp\n')
    expect(rows).toEqual([{ row: 2, text: 'Up', other: { id: '7' } }])
  })
})

describe('tables', () => {
  it('keep every other column, the label as written, and the line of each row', async () => {
    const { rows } = await readWhole('a.csv', 'id,text,label\n7,"two\nlines",bullish\n8,"a ""b""",\n')
    expect(rows).toEqual([
      { row: 2, text: 'two\nlines', labelId: 'positive', other: { id: '7', label: 'bullish' } },
      { row: 4, text: 'a "b"', other: { id: '8', label: '' } },
    ])
  })

  it('are read by the columns that are chosen', async () => {
    const choice = { textColumn: 'b', pairColumn: 'a' }
    const { rows } = await readWhole('a.csv', 'a,b,c\n1 x,2 y,3\n', { choice })
    expect(rows).toEqual([{ row: 2, text: '2 y', pair: '1 x', other: { c: '3' } }])
  })

  it('without a header have numbered columns', async () => {
    const { preview, rows } = await readWhole('a.csv', 'A good film,1\nA bad film,0\n')
    expect(preview.columns.map(({ name }) => name)).toEqual(['column 1', 'column 2'])
    expect(rows[0]).toEqual({ row: 1, text: 'A good film', other: { 'column 2': '1' } })
  })

  it('tell columns of one name apart', async () => {
    const { rows } = await readWhole('a.csv', 'text,note,note,\nUp,x,y,z\n')
    expect(rows[0]?.other).toEqual({ note: 'x', 'note (2)': 'y', 'column 4': 'z' })
  })

  it('may have columns with the names of built-in properties', async () => {
    const { rows } = await readWhole('a.csv', 'text,__proto__,constructor\nUp,x,y\n')
    expect(Object.entries(rows[0]?.other ?? {})).toEqual([
      ['__proto__', 'x'],
      ['constructor', 'y'],
    ])
  })

  it('take quotes for text between tabs, or where that is asked for', async () => {
    const tabs = await readWhole('a.tsv', 'text\tlabel\n"Up" they said\t0\n')
    expect(tabs.rows[0]?.text).toBe('"Up" they said')
    const overrides = { table: { quotes: 'none' } } as const
    const commas = await readWhole('a.csv', 'text,label\n"Up" they said,0\n', { overrides })
    expect(commas.rows[0]?.text).toBe('"Up" they said')
  })

  it('leave out rows with too many fields or no text, and say which', async () => {
    const content = 'text,label\nUp\nDown, a lot,0\n,1\nSame,2,,\n'
    const { rows, summary, preview } = await readWhole('my.csv', content)
    expect(textsOf(rows)).toEqual(['Up', 'Same'])
    expect(summary.skipped.count).toBe(2)
    expect(summary.skipped.examples.map(({ message }) => message)).toEqual([
      'my.csv, line 3, column 3: 3 fields where the header has 2; a text that holds a separator needs quotes.',
      'my.csv, line 4: the text is empty.',
    ])
    expect(preview.skipped).toEqual(summary.skipped)
  })
})

describe('tables of Excel', () => {
  const german =
    'Satz;Betrag;Stimmung\r\n"Umsatz fällt; Gewinn auch";1.234,50;bearish\r\n"zwei\nZeilen €";;bullish\r\n'
  const western = (content: string) =>
    Uint8Array.from(content, (sign) => (sign === '€' ? 0x80 : sign.charCodeAt(0)))
  const expected = [
    {
      row: 2,
      text: 'Umsatz fällt; Gewinn auch',
      labelId: 'negative',
      other: { Betrag: '1.234,50', Stimmung: 'bearish' },
    },
    { row: 3, text: 'zwei\nZeilen €', labelId: 'positive', other: { Betrag: '', Stimmung: 'bullish' } },
  ]

  it('in Europe have semicolons, commas in numbers and windows-1252', async () => {
    const { rows, preview } = await readWhole('a.csv', western(german))
    expect(preview.reading).toMatchObject({
      encoding: 'windows-1252',
      layout: { delimiter: ';', hasHeader: true },
    })
    expect(rows).toEqual(expected)
  })

  it.each([true, false])('saved as Unicode text have tabs and UTF-16, with a mark: %s', async (hasMark) => {
    const content =
      (hasMark ? '\uFEFF' : '') +
      german.replaceAll('"Umsatz fällt; Gewinn auch"', 'Umsatz fällt; Gewinn auch').replace(/;(?! )/g, '\t')
    const view = new DataView(new ArrayBuffer(content.length * 2))
    for (let at = 0; at < content.length; at += 1) view.setUint16(at * 2, content.charCodeAt(at), true)
    const { rows, preview } = await readWhole('a.txt', new Uint8Array(view.buffer))
    expect(preview.reading.encoding).toBe('utf-16le')
    if (preview.reading.layout.kind === 'table') expect(rows).toEqual(expected)
    else expect((await readWhole('a.tsv', new Uint8Array(view.buffer))).rows).toEqual(expected)
  })
})

describe('pairs', () => {
  it.each([
    ['text,pair,label\nUp,Down,1\n', 'text', 'pair'],
    ['sentence1,sentence2,label\nUp,Down,1\n', 'sentence1', 'sentence2'],
    ['id,hypothesis,premise\n1,Down,Up\n', 'premise', 'hypothesis'],
    ['question,sentence,label\nUp,Down,1\n', 'question', 'sentence'],
  ])('are proposed by their names: %j', async (content, textColumn, pairColumn) => {
    const { rows, preview } = await readWhole('a.csv', content)
    expect(preview.choice).toMatchObject({ textColumn, pairColumn })
    expect(rows[0]).toMatchObject({ text: 'Up', pair: 'Down' })
    expect(rows[0]?.other).not.toHaveProperty(pairColumn)
  })

  it('are proposed for nothing else, and a row without one has none', async () => {
    expect((await readWhole('a.csv', 'text,note\nUp,Down\n')).preview.choice.pairColumn).toBeUndefined()
    const { rows } = await readWhole('a.csv', 'text,pair\nUp, \n')
    expect(rows).toEqual([{ row: 2, text: 'Up', other: {} }])
  })
})

describe('JSON', () => {
  it('lists are read by records, whose other fields are kept', async () => {
    const content =
      '[\n {"text": "Up", "id": 7, "tags": ["a", {"b": null}]},\n {"id": 8, "text": "D\\u006fwn"}\n]'
    const { rows, preview } = await readWhole('a.json', content)
    expect(preview).toMatchObject({ rowsAreCountedIn: 'records', rows: { count: 2, isExact: true } })
    expect(rows).toEqual([
      { row: 1, text: 'Up', other: { id: '7', tags: '["a",{"b":null}]' } },
      { row: 2, text: 'Down', other: { id: '8', tags: '' } },
    ])
  })

  it('lists of texts are texts', async () => {
    expect(textsOf((await readWhole('a.json', '["Up, up", "[Down]"]')).rows)).toEqual(['Up, up', '[Down]'])
  })

  it('that is a record per line is read as lines, whatever its name says', async () => {
    const { preview, rows } = await readWhole('a.json', '{"text":"Up"}\n{"text":"Down"}\n')
    expect(preview.reading.layout.kind).toBe('json lines')
    expect(textsOf(rows)).toEqual(['Up', 'Down'])
  })

  it('lines leave out the one that is broken, and say which', async () => {
    const content = '{"text":"Up","label":"bullish"}\n\n{"text":"Down",}\n[1]\n{"text":"Same"}\n'
    const { rows, summary } = await readWhole('a.jsonl', content)
    expect(rows.map(({ row, text, labelId }) => [row, text, labelId])).toEqual([
      [1, 'Up', 'positive'],
      [5, 'Same', undefined],
    ])
    expect(summary.skipped).toMatchObject({
      count: 2,
      examples: [
        { code: 'invalid-json', row: 3, column: 16 },
        { code: 'not-a-record', row: 4 },
      ],
    })
    expect(summary.skipped.examples[0]?.message).toMatch(/^a\.jsonl, line 3, column 16: /)
  })

  it('is the same in pieces: a record that lies across two is whole', async () => {
    const records = Array.from({ length: 3000 }, (_, index) => ({
      text: `${index} \\" ] } ${'é'.repeat(400)}`,
      nested: { list: [index, ['x']] },
    }))
    const { rows } = await readWhole('a.json', JSON.stringify(records))
    expect(textsOf(rows)).toEqual(records.map(({ text }) => text))
    expect(rows.at(-1)).toMatchObject({ row: 3000, other: { nested: '{"list":[2999,["x"]]}' } })
  })
})

describe('our own exports', () => {
  const { labels } = FINANCE_TASK
  const run = {
    model: 'smallcap-t5-nano',
    weights: 'base',
    parts: [
      {
        rows: 1000,
        batching: 'one by one',
        threads: 2,
        backend: 'wasm',
        numberFormat: 'int8',
        weightsSha256: 'b0b0',
      },
    ],
  }
  const texts = ['=1+1', "'=1+1", 'Up; -5 %', '@ceo resigned', "it's", 'a\t=b', 'plain']
  const results = texts.map((text, index) => rowOf({ index, line: index + 1, text }))

  it.each([
    ['spreadsheet-safe', '\uFEFF'],
    ['exact', ''],
  ] as const)('%s come back as they were', async (form, mark) => {
    const { rows, preview } = await readWhole('a.csv', mark + exportCsv(results, labels, run, form))
    expect(textsOf(rows)).toEqual(texts)
    expect(preview.reading.isEscaped).toBe(form === 'spreadsheet-safe')
    // What a model said is not gold.
    expect(preview.choice.labelColumn).toBeUndefined()
    expect(rows[0]?.other).toMatchObject({ line: '1', model: 'smallcap-t5-nano' })
  })

  it('are told from other tables, whose apostrophes are their own', async () => {
    expect(textsOf((await readWhole('a.csv', "\uFEFFtext,label\n'=1+1,0\n")).rows)).toEqual(["'=1+1"])
  })
})

describe('gold labels', () => {
  const tfsn = (bearish: number, bullish: number, neutral: number): string =>
    [
      'text,label',
      ...[bearish, bullish, neutral].flatMap((count, label) =>
        Array.from({ length: count }, (_, index) => `Text ${label}.${index} here,${label}`),
      ),
    ].join('\n')

  it('of TFSN are mapped as published, without a warning', async () => {
    const { preview, summary, rows } = await readWhole('a.csv', tfsn(15, 20, 65))
    expect(preview.dataset).toEqual({ id: 'tfsn', name: 'Twitter financial news sentiment' })
    expect(preview.exchangedLabels).toBeUndefined()
    expect(preview.labelCounts[0]).toEqual({ name: '2', count: 65 })
    expect(summary.labelled).toBe(100)
    expect([rows[0]?.labelId, rows[20]?.labelId, rows[99]?.labelId]).toEqual([
      'negative',
      'positive',
      'neutral',
    ])
  })

  it('are counted and mapped for the column that is asked for, or for none', async () => {
    const content = 'text,label,mine\nUp,1,bullish\nDown,0,bearish\n'
    const other = await readWhole('a.csv', content, { overrides: { labelColumn: 'mine' } })
    expect(other.preview.dataset).toBeUndefined()
    expect(other.preview.labelCounts.map(({ name }) => name)).toEqual(['bullish', 'bearish'])
    expect(other.rows.map(({ labelId }) => labelId)).toEqual(['positive', 'negative'])
    const none = await readWhole('a.csv', content, { overrides: { labelColumn: '' } })
    expect(none.preview.choice).toEqual({ textColumn: 'text' })
    expect(none.summary.labelled).toBe(0)
  })

  it('that seem exchanged are warned about, and can be mapped otherwise', async () => {
    const labelRule = { kind: 'names', labelIds: { 0: 'negative', 1: 'neutral', 2: 'positive' } } as const
    const { preview, rows } = await readWhole('a.csv', tfsn(15, 65, 20), { choice: { labelRule } })
    expect(preview.exchangedLabels?.names).toEqual(['1', '2'])
    expect(rows[20]?.labelId).toBe('neutral')
  })
})
