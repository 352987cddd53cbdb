import fc from 'fast-check'
import Papa from 'papaparse'
import { describe, expect, it } from 'vitest'
import { restoreCell, spreadsheetSafe } from '../../src/domain/export-csv'
import { isOwnExport } from '../../src/domain/export-row'
import { exportCsv, exportJsonl } from './exported'
import { FINANCE_TASK } from './finance-task'
import { rowOf } from './rows'

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
const row = rowOf({
  line: 3,
  probabilities: [0.12345678, 0.2, 0.67654322],
  margin: 0.47654322,
  milliseconds: 1.2345,
})
const HEADER =
  'line,text,label,p_negative,p_neutral,p_positive,margin,not_sure,cut,unreadable,model,weights,weights_sha256,number_format,backend,fallback,batching,milliseconds'

const parse = (csv: string): string[][] => Papa.parse<string[]>(csv, { delimiter: ',', newline: '\r\n' }).data
const textsOf = (csv: string): (string | undefined)[] =>
  parse(csv)
    .slice(1, -1)
    .map((cells) => cells[1])

describe('exportCsv', () => {
  it('writes a header and a row, each ended by CR LF', () => {
    expect(exportCsv([row], labels, run, 'exact')).toBe(
      `${HEADER}\r\n3,Sales rose,positive,0.123457,0.2,0.676543,0.476543,false,false,false,smallcap-t5-nano,base,b0b0,int8,wasm,,one by one,1.23\r\n`,
    )
    expect(exportCsv([], labels, run, 'exact')).toBe(`${HEADER}\r\n`)
  })

  it('says of each row by which rule, format and backend it was made', () => {
    const parts = [
      {
        rows: 1,
        batching: 'by length',
        threads: 2,
        backend: 'webgpu',
        numberFormat: 'int8-weights',
        device: 'acme gpu',
        fallback: 'It was tired.',
        weightsSha256: 'c0c0+d0d0',
      },
      {
        rows: 1,
        batching: 'one by one',
        threads: 2,
        backend: 'wasm',
        numberFormat: 'int8',
        weightsSha256: 'b0b0',
      },
    ]
    const rows = [rowOf({ index: 1 }), rowOf({ index: 0 })]
    const [, ...body] = parse(exportCsv(rows, labels, { ...run, parts }, 'exact'))
    expect(body.slice(0, -1).map((cells) => cells.slice(-6, -1))).toEqual([
      ['b0b0', 'int8', 'wasm', '', 'one by one'],
      ['c0c0+d0d0', 'int8-weights', 'webgpu (acme gpu)', 'It was tired.', 'by length'],
    ])
  })

  it('adds the other columns of a file, and tells them from our own', () => {
    const rows = [
      rowOf({ line: 2, other: { id: '7', label: '=1' } }),
      rowOf({ line: 3, goldId: 'neutral', other: { id: '8' } }),
      rowOf({ line: 4 }),
    ]
    const [header, ...body] = parse(exportCsv(rows, labels, run, 'spreadsheet-safe'))
    expect(header?.slice(-3)).toEqual(['gold', 'id', 'label (file)'])
    expect(body.slice(0, -1).map((cells) => cells.slice(-3))).toEqual([
      ['', '7', "'=1"],
      ['neutral', '8', ''],
      ['', '', ''],
    ])
    expect(exportJsonl(rows, labels, run).split('\n')[1]).toContain('"id":"8","label (file)":""')
  })

  it('gives any text back exactly', () => {
    const unit = fc.constantFrom(
      'a',
      '"',
      ',',
      ';',
      '\n',
      '\r',
      '\t',
      ' ',
      '=',
      "'",
      '\uFEFF',
      'é',
      '🚀',
      '\u2028',
    )
    const anyText = fc.oneof(fc.string({ unit: 'binary' }), fc.string({ unit }))
    fc.assert(
      fc.property(fc.array(anyText, { minLength: 1 }), (texts) => {
        const rows = texts.map((text, index) => rowOf({ index, line: index + 1, text }))
        expect(textsOf(exportCsv(rows, labels, run, 'exact'))).toEqual(texts)
        expect(textsOf(exportCsv(rows, labels, run, 'spreadsheet-safe'))).toEqual(texts.map(spreadsheetSafe))
      }),
    )
  })

  it('makes texts, labels and names safe but leaves numbers alone', () => {
    const odd = [{ id: '=evil', words: 'evil', aliases: [] }]
    const negative = rowOf({ labelId: '=evil', text: '=1+1', probabilities: [-0.12], milliseconds: -1 })
    const [header, cells] = parse(exportCsv([negative], odd, { ...run, model: '@model' }, 'spreadsheet-safe'))
    expect(header?.[3]).toBe('p_=evil')
    expect(cells?.slice(1, 4)).toEqual(["'=1+1", "'=evil", '-0.12'])
    expect(cells).toContain("'@model")
    expect(cells?.at(-1)).toBe('-1')
  })
})

describe('spreadsheetSafe', () => {
  it.each([
    ['=HYPERLINK("http://x")', '\'=HYPERLINK("http://x")'],
    ['+1 for this', "'+1 for this"],
    ['-5% today', "'-5% today"],
    ['@ceo resigned', "'@ceo resigned"],
    ['＝1+1', "'＝1+1"],
    ['－1', "'－1"],
    ['  =1', "'  =1"],
    ['"=1', '\'"=1'],
    ["'=1", "''=1"],
    ['\tx', "'\tx"],
    ['\rx', "'\rx"],
    ['=1\n=2', "'=1\n'=2"],
    ['a;=1', "a;'=1"],
    ['a;; "@x', 'a;; "\'@x'],
  ])('defuses %j', (cell, safe) => {
    expect(spreadsheetSafe(cell)).toBe(safe)
  })

  it.each(['$QRVL up 5% - more to come', 'a=b', 'up; down', 'Q3, +5%', '', "it's"])(
    'leaves %j alone',
    (cell) => {
      expect(spreadsheetSafe(cell)).toBe(cell)
    },
  )

  it('takes linear time on a long run of separators', () => {
    const started = performance.now()
    spreadsheetSafe('a' + '\t;'.repeat(200_000) + 'b')
    expect(performance.now() - started).toBeLessThan(1000)
  })
})

describe('exportJsonl', () => {
  it('writes an object per line with the columns of the CSV', () => {
    const [first, second, rest] = exportJsonl([row, rowOf({ text: 'a\n"b"\u2028' })], labels, run).split('\n')
    const keys = [...(first ?? '').matchAll(/"(\w+)":/g)].map((match) => match[1])
    expect(keys.join()).toBe(HEADER)
    expect(JSON.parse(first ?? '')).toMatchObject({
      line: 3,
      p_positive: 0.676543,
      cut: false,
      number_format: 'int8',
    })
    expect(JSON.parse(second ?? '')).toMatchObject({ text: 'a\n"b"\u2028' })
    expect(rest).toBe('')
  })
})

describe('restoreCell', () => {
  it('takes back what spreadsheetSafe did to any cell', () => {
    const unit = fc.constantFrom(
      'a',
      "'",
      '"',
      '`',
      '=',
      '+',
      '-',
      '@',
      '＝',
      ';',
      '\n',
      '\r',
      '\t',
      ' ',
      '\uFEFF',
    )
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit }), fc.string({ unit: 'binary' })), (cell) => {
        expect(restoreCell(spreadsheetSafe(cell))).toBe(cell)
      }),
      { numRuns: 2000 },
    )
  })

  it.each(["it's", "'quoted' words", "don't; won't", 'a;b', '-', ''])('leaves %j as it is', (cell) => {
    expect(restoreCell(spreadsheetSafe(cell))).toBe(cell)
    if (cell !== '-') expect(restoreCell(cell)).toBe(cell)
  })
})

describe('isOwnExport', () => {
  it('knows our columns with any labels and with more beside them, and nothing else', () => {
    const own = HEADER.split(',')
    expect(isOwnExport(own)).toBe(true)
    expect(isOwnExport(['id', ...own, 'note'])).toBe(true)
    expect(isOwnExport(own.filter((name) => name !== 'not_sure'))).toBe(false)
    expect(isOwnExport(own.filter((name) => !name.startsWith('p_')))).toBe(false)
    expect(isOwnExport(['line', 'text', 'label'])).toBe(false)
  })
})
