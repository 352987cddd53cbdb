import { csvHead, csvRow, type CsvForm } from '../../src/domain/export-csv'
import { jsonlRow } from '../../src/domain/export-jsonl'
import { exportColumns, FileColumns, type ExportColumn, type ExportedRun } from '../../src/domain/export-row'
import type { LabelSet } from '../../src/domain/label'
import type { ResultRow } from '../../src/domain/results'

function columnsOf(rows: readonly ResultRow[], labels: LabelSet, run: ExportedRun): readonly ExportColumn[] {
  const file = new FileColumns()
  for (const row of rows) file.note(row)
  return exportColumns(labels, run, file)
}

/** All rows as a CSV with its head. */
export function exportCsv(
  rows: readonly ResultRow[],
  labels: LabelSet,
  run: ExportedRun,
  form: CsvForm,
): string {
  const columns = columnsOf(rows, labels, run)
  return csvHead(columns, form) + rows.map((row) => csvRow(row, columns, form)).join('')
}

/** All rows as JSON Lines. */
export function exportJsonl(rows: readonly ResultRow[], labels: LabelSet, run: ExportedRun): string {
  const columns = columnsOf(rows, labels, run)
  return rows.map((row) => jsonlRow(row, columns)).join('')
}
