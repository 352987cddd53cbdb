import Papa from 'papaparse'
import type { ExportColumn } from './export-row'
import type { ResultRow } from './results'

/** `exact` keeps every text as it is; `spreadsheet-safe` keeps a spreadsheet from taking a text for a formula. */
export type CsvForm = 'exact' | 'spreadsheet-safe'

const START = /^(?:'*[\t\r\n]|[\s"'`\uFEFF\u200B]*[=+\-@＝＋－＠﹦﹢﹣﹫])/u
// Spreadsheets in some regions split at a semicolon, an import may split at tabs: a formula can hide behind those too.
const BEHIND_SEPARATOR = /([;\t\r\n][;\s"'`\uFEFF\u200B]*)([=+\-@＝＋－＠﹦﹢﹣﹫]?)/gu
const ESCAPED_BEHIND_SEPARATOR = /([;\t\r\n][;\s"'`\uFEFF\u200B]*)'([=+\-@＝＋－＠﹦﹢﹣﹫])/gu

/**
 * A cell that no spreadsheet runs: an apostrophe goes before a cell that begins with `=`, `+`, `-`, `@`, a tab or a
 * line break, also behind space or quotes and in full width, and before such a sign that follows a semicolon, tab or
 * line break inside the cell. Source: OWASP, "CSV Injection".
 */
export function spreadsheetSafe(cell: string): string {
  const inside = cell.replace(BEHIND_SEPARATOR, (_, separator: string, sign: string) =>
    sign === '' ? separator : `${separator}'${sign}`,
  )
  return START.test(inside) ? `'${inside}` : inside
}

/** The cell that {@link spreadsheetSafe} was given, for any cell it made; it turns no two cells into the same one. */
export function restoreCell(safe: string): string {
  const inside = safe.startsWith("'") && START.test(safe.slice(1)) ? safe.slice(1) : safe
  return inside.replace(ESCAPED_BEHIND_SEPARATOR, '$1$2')
}

const newline = '\r\n'

/** One row of a table after RFC 4180, ended by CR LF. Only texts are made safe: numbers are never changed. */
export function csvLine(
  cells: readonly (string | number | boolean)[],
  form: CsvForm,
  delimiter = ',',
): string {
  const safe =
    form === 'exact' ? cells : cells.map((cell) => (typeof cell === 'string' ? spreadsheetSafe(cell) : cell))
  return `${Papa.unparse([safe], { newline, delimiter })}${newline}`
}

/**
 * The line of names above the rows of a CSV, after RFC 4180. A byte order mark, which Excel needs to see UTF-8, is for
 * whoever writes the file.
 */
export const csvHead = (columns: readonly ExportColumn[], form: CsvForm): string =>
  csvLine(
    columns.map(({ name }) => name),
    form,
  )

/** One row of a CSV, ended by CR LF as the last one is, too. Numbers are never changed. */
export const csvRow = (row: ResultRow, columns: readonly ExportColumn[], form: CsvForm): string =>
  csvLine(
    columns.map(({ valueOf }) => valueOf(row)),
    form,
  )
