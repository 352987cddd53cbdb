import { CsvReader, type CsvRow } from '../../src/domain/csv-rows'
import type { TableForm } from '../../src/domain/table-form'
import type { TextPiece } from './decode-text'
import { FileFailure } from './file-failure'
import { MAX_COLUMNS, MAX_RECORD_CHARACTERS } from './limits'
import type { RawProblem, RawRow, RowBatch } from './raw-row'

const TAKE_QUOTES_AS_TEXT = 'If the quotes are part of the text, read the file with quotes as text.'

/** The table's records as they stand, the header among them. Throws FileFailure `quotes`, `record-too-long` or `too-large`. */
export async function* readRecords(
  pieces: AsyncIterable<TextPiece>,
  form: TableForm,
): AsyncGenerator<readonly CsvRow[]> {
  const reader = new CsvReader(form)
  for await (const { text, isLast } of pieces) {
    const records = reader.push(text, isLast)
    if (!records.ok)
      throw new FileFailure(
        'quotes',
        `the quotes of this field do not close as CSV asks. ${TAKE_QUOTES_AS_TEXT}`,
        records.error,
      )
    if (reader.waiting > MAX_RECORD_CHARACTERS)
      throw new FileFailure(
        'record-too-long',
        `the record that begins here does not end within ${MAX_RECORD_CHARACTERS.toLocaleString('en')} characters; a quote is open, or it is no table. ${TAKE_QUOTES_AS_TEXT}`,
        { line: reader.nextLine },
      )
    const wide = records.value.find(({ cells }) => cells.length > MAX_COLUMNS)
    if (wide)
      throw new FileFailure('too-large', `a row has more than ${MAX_COLUMNS.toLocaleString('en')} fields.`, {
        line: wide.line,
      })
    yield records.value
  }
}

/** The rows below the header. A row with fields missing at its end has them empty; one with fields too many is left out. */
export async function* readTable(
  pieces: AsyncIterable<TextPiece>,
  form: TableForm,
  columns: readonly string[],
): AsyncGenerator<RowBatch> {
  let isHeader = form.hasHeader
  for await (const records of readRecords(pieces, form)) {
    const rows: RawRow[] = []
    const problems: RawProblem[] = []
    for (const { line, cells } of records) {
      if (isHeader) {
        isHeader = false
        continue
      }
      const isTooWide =
        cells.length > columns.length && cells.slice(columns.length).some((cell) => cell.trim() !== '')
      if (isTooWide) problems.push(tooManyFields(line, cells.length, columns.length))
      else rows.push({ row: line, cells: columns.map((_, place) => cells[place] ?? '') })
    }
    yield { rows, problems }
  }
}

function tooManyFields(row: number, found: number, expected: number): RawProblem {
  const sentence = `${found} fields where the header has ${expected}; a text that holds a separator needs quotes.`
  return { code: 'ragged', row, column: expected + 1, sentence }
}
