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
}

/** The rows of a CSV whose lines end in LF; rows without any text are left out but counted. */
export function readCsvRows(content: string, delimiter: string): Outcome<readonly CsvRow[], CsvError> {
  const { data, errors } = Papa.parse<string[]>(content, { delimiter, newline: '\n' })
  const rows: CsvRow[] = []
  let line = 1
  for (const cells of data) {
    if (cells.some((cell) => cell.trim() !== '')) rows.push({ line, cells })
    line += cells.reduce((breaks, cell) => breaks + cell.split('\n').length - 1, 1)
  }
  const broken = errors.find((error) => error.type === 'Quotes')
  if (broken === undefined) return success(rows)
  const errorLine = content.slice(0, broken.index ?? 0).split('\n').length
  return failure({ line: errorLine, column: data[broken.row ?? 0]?.length ?? 1 })
}
