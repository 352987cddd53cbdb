import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { CsvForm } from '../../src/domain/export-csv'
import { exportCsv, exportJsonl } from '../domain/exported'
import { FINANCE_TASK } from '../domain/finance-task'
import { rowOf } from '../domain/rows'
import { readWhole } from './whole-file'

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

interface Original {
  readonly text: string
  readonly pair?: string
  readonly goldId?: string
  readonly other: Readonly<Record<string, string>>
}

/** As the page writes the file: a byte order mark before the form for spreadsheets. */
const written = (rows: readonly Original[], form: CsvForm): string =>
  (form === 'spreadsheet-safe' ? '\uFEFF' : '') + exportCsv(resultsOf(rows), labels, run, form)

const resultsOf = (rows: readonly Original[]) =>
  rows.map((row, index) => rowOf({ ...row, index, line: index + 1 }))

/** What the file gave before, among all the columns that came back. */
async function readBack(name: string, content: string, names: readonly string[]): Promise<Original[]> {
  const { rows } = await readWhole(name, content)
  return rows.map(({ text, pair, labelId, other }) => ({
    text,
    ...(pair !== undefined && { pair }),
    ...(labelId !== undefined && { goldId: labelId }),
    other: Object.fromEntries(names.map((each) => [each, other[each] ?? 'lost'])),
  }))
}

/** Signs that CSV, spreadsheets and line ends give a meaning to. */
const sign = fc.constantFrom(...'a"\',;\n\r\t =+-@|`＝\uFEFF\0é🚀\u2028')
const anyText = fc.oneof(
  fc.string({ unit: sign }),
  fc.string({ unit: 'binary' }),
  fc.string({ unit: 'grapheme' }),
)
/** Texts lose the space around them when they are read, and none is empty. */
const trimmed = anyText.map((text) => text.trim()).filter((text) => text !== '')

const originals = fc.uniqueArray(anyText, { maxLength: 3 }).chain((names) =>
  fc.record({
    names: fc.constant(names),
    rows: fc.array(
      fc
        .record({
          text: trimmed,
          pair: fc.option(trimmed, { nil: undefined }),
          goldId: fc.constantFrom(undefined, ...labels.map(({ id }) => id)),
          other: fc.tuple(...names.map(() => anyText)).map((cells) => {
            return Object.fromEntries(names.map((name, place) => [name, cells[place] ?? '']))
          }),
        })
        .map(({ text, pair, goldId, other }) => ({
          text,
          other,
          ...(pair !== undefined && { pair }),
          ...(goldId !== undefined && { goldId }),
        })),
      { minLength: 1, maxLength: 6 },
    ),
  }),
)
/** Names that an export keeps for itself come back with `(file)` behind them, which another test looks at. */
const OWN =
  /^(line|text|pair|label|gold|p_\w+|margin|not_sure|cut|unreadable|model|weights|weights_sha256|number_format|backend|fallback|batching|milliseconds)$/

describe('an export that is opened again is what was exported: text, pair, gold and other columns', () => {
  it.each(['spreadsheet-safe', 'exact'] as const)('as CSV, %s, for any strings', async (form) => {
    await fc.assert(
      fc.asyncProperty(originals, async ({ names, rows }) => {
        fc.pre(names.every((name) => !OWN.test(name)))
        expect(await readBack('a.csv', written(rows, form), names)).toEqual(rows)
      }),
      { numRuns: 150 },
    )
  })

  it('as JSON lines, for any strings', async () => {
    await fc.assert(
      fc.asyncProperty(originals, async ({ names, rows }) => {
        fc.pre(names.every((name) => !OWN.test(name)))
        const content = exportJsonl(resultsOf(rows), labels, run)
        expect(await readBack('a.jsonl', content, names)).toEqual(rows)
      }),
      { numRuns: 100 },
    )
  })
})

describe('an export of ours', () => {
  it('names its columns so that a file with the same names loses none of them, however often it goes round', async () => {
    const other = { label: 'a', 'label (file)': 'b', pair: 'c', gold: 'd', line: 'e' }
    const first = await readWhole('a.csv', written([{ text: 'Up', goldId: 'neutral', other }], 'exact'))
    expect(first.rows[0]).toMatchObject({
      text: 'Up',
      labelId: 'neutral',
      other: {
        label: 'positive',
        'label (file) (file)': 'a',
        'label (file)': 'b',
        'pair (file)': 'c',
        'gold (file)': 'd',
        'line (file)': 'e',
      },
    })
    expect(first.rows[0]?.pair).toBeUndefined()
    const again = await readWhole(
      'b.csv',
      written([{ text: 'Up', other: first.rows[0]?.other ?? {} }], 'spreadsheet-safe'),
    )
    expect(Object.values(again.rows[0]?.other ?? {})).toEqual(
      expect.arrayContaining(['a', 'b', 'c', 'd', 'e', 'positive']),
    )
  })

  it('is known by its columns, and what a model said in it is not gold', async () => {
    const { preview } = await readWhole('a.csv', written([{ text: 'Up', pair: 'Down', other: {} }], 'exact'))
    expect(preview.dataset).toBeUndefined()
    expect(preview.choice).toEqual({ textColumn: 'text', pairColumn: 'pair' })
  })

  it('is read all the same when an editor changed its line ends', async () => {
    const rows = [{ text: 'Up\nand up', pair: "'=1", other: { note: 'a' } }]
    const content = written(rows, 'spreadsheet-safe').replaceAll('\r\n', '\n')
    expect(await readBack('a.csv', content, ['note'])).toEqual(rows)
  })
})
