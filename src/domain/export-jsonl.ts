import type { ExportColumn } from './export-row'
import type { ResultRow } from './results'

/** One row of JSON Lines: an object, ended by LF. */
export const jsonlRow = (row: ResultRow, columns: readonly ExportColumn[]): string =>
  `${JSON.stringify(Object.fromEntries(columns.map(({ name, valueOf }) => [name, valueOf(row)])))}\n`
