import Papa from 'papaparse'
import { failure, success, type Outcome } from './outcome'

export interface CsvRow {
  /** Line on which the row begins, from 1; a quoted field may run over several lines. */
  readonly line: number
  readonly cells: readonly string[]
}

/** Where the quotes of a CSV went wrong. */
export interface CsvError {
  readonly line: number
  /** Field of the row, from 1. */
  readonly column: number
  /** Line on which the row begins that went wrong. */
  readonly rowLine: number
  /** The rows above it. */
  readonly rows: readonly CsvRow[]
}

/** What stands between fields and whether quotes mean anything. */
export interface CsvForm {
  readonly delimiter: string
  /** `none` takes quotes for text, as many TSV files mean them. */
  readonly quotes: 'csv' | 'none'
  /** `CR LF` takes a CR or LF alone for part of a cell; without it lines end in LF. */
  readonly rowEnd?: 'CR LF'
}

interface Parsed {
  readonly data: readonly string[][]
  readonly errors: readonly Papa.ParseError[]
  readonly meta: { readonly cursor: number }
}

/** Reads a CSV piece by piece; a row that the end of a piece cuts in two waits for the next one. */
export class CsvReader {
  private readonly parser: Papa.Parser
  private line = 1
  private rest = ''

  constructor({ delimiter, quotes, rowEnd }: CsvForm) {
    const newline = rowEnd ? '\r\n' : '\n'
    this.parser = new Papa.Parser({ delimiter, newline, ...(quotes === 'none' && { fastMode: true }) })
  }

  /** UTF-16 units of the row that is not complete yet; `nextLine` is where it begins. */
  get waiting(): number {
    return this.rest.length
  }

  get nextLine(): number {
    return this.line
  }

  /** The rows that `text` completes; rows without any text are left out but counted. */
  push(text: string, isLast: boolean): Outcome<readonly CsvRow[], CsvError> {
    const content = this.rest + text
    const { data, errors, meta } = this.parser.parse(content, 0, !isLast) as Parsed
    this.rest = isLast ? '' : content.slice(meta.cursor)
    const firstLine = this.line
    const rows: CsvRow[] = []
    for (const cells of data) {
      if (cells.some((cell) => cell.trim() !== '')) rows.push({ line: this.line, cells })
      this.line += linesOf(cells)
    }
    // The row that is not complete may look broken only because it was cut inside its quotes.
    const broken = errors.find(
      (error) => error.type === 'Quotes' && (isLast || (error.row ?? 0) < data.length),
    )
    if (broken === undefined) return success(rows)
    const at = broken.index ?? 0
    const line = firstLine + lineBreaks(content.slice(0, at))
    const before = data.slice(0, broken.row ?? 0)
    const rowLine = before.reduce((end, cells) => end + linesOf(cells), firstLine)
    const whole = rows.filter((row) => row.line < rowLine)
    const start = afterLines(content, rowLine - firstLine, 0)
    const column = (this.parser.parse(content.slice(start, at), 0, false) as Parsed).data[0]?.length ?? 1
    return failure({ line, column, rowLine, rows: whole })
  }
}

const linesOf = (cells: readonly string[]): number =>
  cells.reduce((breaks, cell) => breaks + lineBreaks(cell), 1)

/** Where the text goes on that many lines below. */
function afterLines(text: string, lines: number, from: number): number {
  let at = from
  for (let passed = 0; passed < lines && at < text.length; passed += 1) {
    const end = text.indexOf('\n', at)
    at = end < 0 ? text.length : end + 1
  }
  return at
}

function lineBreaks(text: string): number {
  let count = 0
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) count += 1
  return count
}

/** The rows of a CSV whose lines end in LF; rows without any text are left out but counted. */
export function readCsvRows(content: string, delimiter: string): Outcome<readonly CsvRow[], CsvError> {
  return new CsvReader({ delimiter, quotes: 'csv' }).push(content, true)
}

/** Quotes that do not close cost a pass over the rest of the file each. */
const MAX_BROKEN_ROWS = 20

/**
 * The rows of a whole CSV one after the other, and in their places those whose quotes are broken: reading goes on with the
 * line below the one on which such a row begins. After so many of them the rest is given up as one more.
 */
export function* readCsvRowsTolerantly(content: string, form: CsvForm): Generator<CsvRow | CsvError> {
  let start = 0
  let before = 0
  for (let broken = 0; start < content.length; broken += 1) {
    const read = new CsvReader(form).push(content.slice(start), true)
    for (const row of read.ok ? read.value : read.error.rows) yield { ...row, line: row.line + before }
    if (read.ok) return
    const { line, column, rowLine } = read.error
    yield { line: line + before, column, rowLine: rowLine + before, rows: [] }
    if (broken >= MAX_BROKEN_ROWS) return
    start = afterLines(content, rowLine, start)
    before += rowLine
  }
}
