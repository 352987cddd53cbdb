/** What a check of a device found: each backend in each number format against fp32 on WASM. */
import { topIndex } from './margin'

export type CheckOutcome =
  | { readonly kind: 'waiting' }
  | { readonly kind: 'running' }
  | { readonly kind: 'measured'; readonly found: Found }
  | { readonly kind: 'failed'; readonly reason: string }
  | { readonly kind: 'stopped' }

export interface CheckRow {
  readonly backend: string
  readonly numberFormat: string
  /** The number format multiplies with fewer digits than fp32 has, or the weights have fewer: it may differ by more. */
  readonly isApproximate: boolean
  readonly outcome: CheckOutcome
}

export interface Found extends Difference {
  readonly millisecondsPerText: number
  readonly loadMs: number
}

export interface Difference {
  /** Greatest |Δp| over texts and labels. */
  readonly maxDifference: number
  /** Share of texts with the same most probable label, 0 to 1. */
  readonly equalLabels: number
}

/** By how much probabilities may differ: other arithmetic alone explains the lesser, rounding to 8 bits the greater. */
const ALLOWED = 0.005
const ALLOWED_APPROXIMATE = 0.03

export const allowedDifference = ({ isApproximate }: Pick<CheckRow, 'isApproximate'>): number =>
  isApproximate ? ALLOWED_APPROXIMATE : ALLOWED

/** Compares the probabilities [texts × labels] of one set-up with those of another; texts without an answer differ by 1. */
export function differenceOf(
  found: readonly (readonly number[])[],
  reference: readonly (readonly number[])[],
): Difference {
  let maxDifference = 0
  let equal = 0
  for (const [text, expected] of reference.entries()) {
    const row = found[text] ?? []
    for (const [label, p] of expected.entries())
      maxDifference = Math.max(maxDifference, Math.abs(p - (row[label] ?? p - 1)))
    if (row.length > 0 && topIndex(row) === topIndex(expected)) equal += 1
  }
  return { maxDifference, equalLabels: reference.length === 0 ? 1 : equal / reference.length }
}

/** Whether a measured row is as near to fp32 on WASM as it has to be; undefined before it is measured. */
export function isWithinBound(row: CheckRow): boolean | undefined {
  return row.outcome.kind === 'measured'
    ? row.outcome.found.maxDifference <= allowedDifference(row)
    : undefined
}

/** One line of plain words about a row. */
export function verdictOf(row: CheckRow): string {
  const { outcome } = row
  switch (outcome.kind) {
    case 'waiting':
      return 'waiting'
    case 'running':
      return 'being checked'
    case 'stopped':
      return 'stopped'
    case 'failed':
      return outcome.reason
    case 'measured':
      return isWithinBound(row) ? 'as it should be' : `differs by more than ${allowedDifference(row)}`
  }
}

const escaped = (cell: string): string => cell.replace(/[|\\]/g, '\\$&').replace(/\s+/g, ' ')

/** The whole check as Markdown, for a bug report: facts about page and device by name, then a table of the rows. */
export function checkReport(
  facts: readonly (readonly [string, string])[],
  rows: readonly CheckRow[],
): string {
  const head = ['backend', 'format', 'max |Δp|', 'equal labels', 'ms per text', 'load ms', 'verdict']
  const body = rows.map((row) => {
    const found = row.outcome.kind === 'measured' ? row.outcome.found : undefined
    return [
      row.backend,
      row.numberFormat,
      found?.maxDifference.toFixed(5) ?? '',
      found ? `${(found.equalLabels * 100).toFixed(1)} %` : '',
      found?.millisecondsPerText.toFixed(1) ?? '',
      found?.loadMs.toFixed(0) ?? '',
      verdictOf(row),
    ]
  })
  const line = (cells: readonly string[]): string => `| ${cells.map(escaped).join(' | ')} |`
  return [
    ...facts.map(([name, value]) => `- ${name}: ${escaped(value)}`),
    '',
    line(head),
    line(head.map(() => '---')),
    ...body.map(line),
    '',
  ].join('\n')
}
