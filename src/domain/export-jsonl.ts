import { exportColumns, type ExportedRun } from './export-row'
import type { LabelSet } from './label'
import type { ResultRow } from './results'

/** The rows as JSON Lines: one object per line, each line ended by LF. */
export function exportJsonl(rows: readonly ResultRow[], labels: LabelSet, run: ExportedRun): string {
  const columns = exportColumns(labels, run, rows)
  return rows
    .map(
      (row) =>
        `${JSON.stringify(Object.fromEntries(columns.map(({ name, valueOf }) => [name, valueOf(row)])))}\n`,
    )
    .join('')
}
