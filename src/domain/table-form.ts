/** How a table in a text file is written: what separates its fields, whether quotes count, whether it has a header. */
import { LABEL_COLUMNS, TEXT_COLUMNS, foldName } from './columns'
import { CsvReader, type CsvForm, type CsvRow } from './csv-rows'

export interface TableForm extends CsvForm {
  readonly hasHeader: boolean
}

/** Tried in this order; the first of equals wins. */
const DELIMITERS = [',', '\t', ';', '|']

/** Stands for a separator in a table of one column: a sign that no text holds. */
export const NO_DELIMITER = '\u001f'

/** Rows that a guess looks at. */
const MAX_ROWS = 200
/** A row that is still open after so many characters was opened by a quote that is meant as text. */
const MAX_OPEN_ROW = 8192
/** A longer cell, or one of more words, is content rather than a name. */
const MAX_NAME_LENGTH = 40
const MAX_NAME_WORDS = 4

const KNOWN_NAMES = [...TEXT_COLUMNS, ...LABEL_COLUMNS]
const isKnownName = (name: string): boolean => KNOWN_NAMES.includes(foldName(name))

/** The sample's first rows under a form, or undefined where its quotes do not close. */
function rowsUnder(form: CsvForm, sample: string, isWhole: boolean): readonly CsvRow[] | undefined {
  const reader = new CsvReader(form)
  const rows = reader.push(sample, isWhole)
  return rows.ok && reader.waiting <= MAX_OPEN_ROW ? rows.value.slice(0, MAX_ROWS) : undefined
}

function withQuotes(delimiter: string, sample: string, isWhole: boolean) {
  const quoted = rowsUnder({ delimiter, quotes: 'csv' }, sample, isWhole)
  if (quoted) return { quotes: 'csv', rows: quoted } as const
  return { quotes: 'none', rows: rowsUnder({ delimiter, quotes: 'none' }, sample, isWhole) ?? [] } as const
}

/** A first row of distinct short names none of which is a number or comes back as a value below it. */
export function looksLikeHeader(rows: readonly (readonly string[])[]): boolean {
  const [first = [], ...body] = rows
  if (first.some(isKnownName)) return true
  const isName = (cell: string, place: number) =>
    cell.length <= MAX_NAME_LENGTH &&
    cell.trim().split(/\s+/).length <= MAX_NAME_WORDS &&
    (cell.trim() === '' || Number.isNaN(Number(cell))) &&
    body.every((row) => row[place] !== cell)
  return first.length > 1 && new Set(first.map(foldName)).size === first.length && first.every(isName)
}

/**
 * Guesses a table's form from its beginning, whose lines end in LF; `isWhole` says that nothing follows. Quotes are taken
 * for text only where tabs separate the fields, as CSV must quote and TSV often does not.
 */
export function guessTableForm(sample: string, isWhole: boolean): TableForm {
  const scored = DELIMITERS.map((delimiter) => {
    const { quotes, rows } = withQuotes(delimiter, sample, isWhole)
    const [header] = rows
    const width = header?.cells.length ?? 0
    const share = rows.filter(({ cells }) => cells.length === width).length / Math.max(1, rows.length)
    const named = header?.cells.some(isKnownName) ? 1 : 0
    return { delimiter, quotes, rows, score: width < 2 ? 0 : share + named }
  })
  const best = scored.reduce((found, next) => (next.score > found.score ? next : found))
  if (best.score <= 0.5) {
    const { quotes, rows } = withQuotes(NO_DELIMITER, sample, isWhole)
    return { delimiter: NO_DELIMITER, quotes, hasHeader: looksLikeHeader(rows.map(({ cells }) => cells)) }
  }
  const quotes = best.delimiter === '\t' ? best.quotes : 'csv'
  return {
    delimiter: best.delimiter,
    quotes,
    hasHeader: looksLikeHeader(best.rows.map(({ cells }) => cells)),
  }
}

/** Column names that are all there and all different: `column 2` for an empty one, `text (2)` for a second `text`. */
export function distinctNames(names: readonly string[]): readonly string[] {
  const taken = new Set<string>()
  return names.map((name, index) => {
    const wanted = name.trim() === '' ? `column ${index + 1}` : name.trim()
    let distinct = wanted
    for (let count = 2; taken.has(distinct); count += 1) distinct = `${wanted} (${count})`
    taken.add(distinct)
    return distinct
  })
}
