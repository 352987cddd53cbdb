import Papa from 'papaparse'
import { exportColumns, type ExportedRun } from './export-row'
import type { LabelSet } from './label'
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

/**
 * The rows as CSV with a header, after RFC 4180 (CR LF, also after the last row). Numbers are never changed. A byte
 * order mark, which Excel needs to see UTF-8, is for whoever writes the file.
 */
export function exportCsv(
  rows: readonly ResultRow[],
  labels: LabelSet,
  run: ExportedRun,
  form: CsvForm,
): string {
  const columns = exportColumns(labels, run, rows)
  const cell = <T>(value: T): T | string =>
    typeof value === 'string' && form === 'spreadsheet-safe' ? spreadsheetSafe(value) : value
  const header = columns.map(({ name }) => cell(name))
  const body = rows.map((row) => columns.map(({ valueOf }) => cell(valueOf(row))))
  return `${Papa.unparse([header, ...body], { newline: '\r\n' })}\r\n`
}
