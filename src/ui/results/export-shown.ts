/** Hands the rows as they are shown (filtered, sorted) to a file or the clipboard. */
import { exportCsv, spreadsheetSafe } from '../../domain/export-csv'
import { exportJsonl } from '../../domain/export-jsonl'
import { modeName } from '../../state/mode'
import type { Smallcap } from '../../state/smallcap.svelte'

const TYPES = { csv: 'text/csv;charset=utf-8', jsonl: 'application/x-ndjson;charset=utf-8' } as const

/** Excel takes a file without a byte order mark for another encoding than UTF-8. */
const BYTE_ORDER_MARK = '\uFEFF'

function contentOf(smallcap: Smallcap, kind: 'csv' | 'jsonl'): string | undefined {
  const shown = smallcap.run.shown
  if (!shown) return undefined
  const { rows, labels } = smallcap.view
  if (kind === 'jsonl') return exportJsonl(rows, labels, shown.summary)
  const form = smallcap.settings.csvForm
  const csv = exportCsv(rows, labels, shown.summary, form)
  return form === 'spreadsheet-safe' ? BYTE_ORDER_MARK + csv : csv
}

/** Saves the shown rows as a file named after model and mode; does nothing while there are no results. */
export function saveShown(smallcap: Smallcap, kind: 'csv' | 'jsonl'): void {
  const content = contentOf(smallcap, kind)
  const setup = smallcap.run.shown?.setup
  if (content === undefined || !setup) return
  const url = URL.createObjectURL(new Blob([content], { type: TYPES[kind] }))
  const link = document.createElement('a')
  link.href = url
  link.download = `${setup.model}-${modeName(setup.mode)}.${kind}`
  link.click()
  URL.revokeObjectURL(url)
}

/** The shown rows as columns for pasting into a spreadsheet: label, probability, text. */
export function copyOfShown(smallcap: Smallcap): string {
  const isSafe = smallcap.settings.csvForm === 'spreadsheet-safe'
  const cell = (text: string): string => (isSafe ? spreadsheetSafe(text) : text).replaceAll('\t', ' ')
  return smallcap.view.rows
    .map((row) => `${row.labelId}\t${row.probability.toFixed(4)}\t${cell(row.text)}`)
    .join('\n')
}
