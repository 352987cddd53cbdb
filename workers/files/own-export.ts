/** Tables that this page wrote, which come back as they were. */
import { CsvReader } from '../../src/domain/csv-rows'
import { restoreCell } from '../../src/domain/export-csv'
import { OWN_BEGINNING } from '../../src/domain/export-row'
import { distinctNames, type TableForm } from '../../src/domain/table-form'
import type { Reading, TextEncoding } from '../../src/files/contract'

/** Our spreadsheet-safe exports begin with a byte order mark, the exact ones do not. */
const hasMark = (head: Uint8Array): boolean => head[0] === 0xef && head[1] === 0xbb && head[2] === 0xbf

/** Whether the first bytes are those of our header, so that what follows is text whatever it looks like. */
export const beginsAsOwnExport = (head: Uint8Array): boolean =>
  new TextDecoder().decode(head.subarray(0, 64)).startsWith(OWN_BEGINNING)

const areDistinct = (names: readonly string[]): boolean => new Set(names).size === names.length

/**
 * The reading of an export of ours. Its rows end in CR LF, so that a cell may hold a CR or LF of its own; an editor may
 * have changed that, and then rows end as they do in any table.
 * @param columns names found with line ends made equal
 */
export function ownExportReading(
  head: Uint8Array,
  form: TableForm,
  columns: readonly string[],
  encoding: TextEncoding,
): Reading {
  const exact = { kind: 'table', ...form, rowEnd: 'CR LF' } as const
  const records = new CsvReader(exact).push(new TextDecoder(encoding).decode(head), false)
  const written = records.ok ? records.value[0]?.cells : undefined
  const isExact = written?.length === columns.length
  const isEscaped = hasMark(head)
  const names = isExact && areDistinct(written) ? written : distinctNames(columns)
  return {
    layout: isExact ? exact : { kind: 'table', ...form },
    encoding,
    columns: isEscaped ? names.map(restoreCell) : names,
    isEscaped,
  }
}
