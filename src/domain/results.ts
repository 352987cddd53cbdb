/** The page's view of a run: one row per line of text, and what can be done with many rows. */
import type { LabelSet } from './label'
import type { Line } from './lines'
import { margin, topIndex } from './margin'
import { isUncertain } from './uncertain'

/** What the engine says about a text, as far as rows need it; arrays in label order. */
export interface ScoredLine {
  /** Position among the lines asked. */
  readonly index: number
  readonly probabilities: readonly number[]
  readonly inputTokens: number
  readonly isCut: boolean
  readonly isUnreadable: boolean
  readonly demonstrationsUsed: number
  readonly milliseconds: number
}

export interface ResultRow extends ScoredLine {
  /** Line number in the user's text, from 1. */
  readonly line: number
  readonly text: string
  /** The second text of a row from a file that has one. */
  readonly pair?: string
  /** Id of the gold label, where the file has one. */
  readonly goldId?: string
  /** The other columns of the file that the row came from. */
  readonly other?: Readonly<Record<string, string>>
  /** Id of the most probable label. */
  readonly labelId: string
  /** Probability of that label. */
  readonly probability: number
  /** Its distance to the second most probable label. */
  readonly margin: number
  /** The probability is below the user's threshold. */
  readonly isUncertain: boolean
}

/** The row of one scored line. Throws a RangeError when the scores belong to other lines or labels. */
export function resultRow(
  lines: readonly Line[],
  labels: LabelSet,
  scored: ScoredLine,
  uncertainBelow: number,
): ResultRow {
  const line = lines[scored.index]
  const top = topIndex(scored.probabilities)
  const label = labels[top]
  if (line === undefined || label === undefined || labels.length !== scored.probabilities.length) {
    throw new RangeError(
      `Result ${scored.index} does not belong to these ${lines.length} lines and ${labels.length} labels.`,
    )
  }
  return {
    index: scored.index,
    line: line.line,
    text: line.text,
    ...(line.pair !== undefined && { pair: line.pair }),
    ...(line.goldId !== undefined && { goldId: line.goldId }),
    ...(line.other && { other: line.other }),
    labelId: label.id,
    probability: scored.probabilities[top] ?? 0,
    probabilities: scored.probabilities,
    margin: margin(scored.probabilities),
    isUncertain: isUncertain(scored.probabilities, uncertainBelow),
    isCut: scored.isCut,
    isUnreadable: scored.isUnreadable,
    inputTokens: scored.inputTokens,
    demonstrationsUsed: scored.demonstrationsUsed,
    milliseconds: scored.milliseconds,
  }
}

/** The rows under another threshold; rows that stay as they were are the same objects. */
export function withThreshold(rows: readonly ResultRow[], uncertainBelow: number): readonly ResultRow[] {
  return rows.map((row) => {
    const uncertain = isUncertain(row.probabilities, uncertainBelow)
    return uncertain === row.isUncertain ? row : { ...row, isUncertain: uncertain }
  })
}

export type RowOrder = 'input order' | 'least sure' | 'most sure' | 'label' | 'slowest'

/** The rows in another order, as a new array; ties stay in input order. `label` follows label order, surest first. */
export function sortRows(
  rows: readonly ResultRow[],
  order: RowOrder,
  labels: LabelSet,
): readonly ResultRow[] {
  const place = new Map(labels.map((label, index) => [label.id, index]))
  const placeOf = (row: ResultRow): number => place.get(row.labelId) ?? labels.length
  const compare: Record<RowOrder, (a: ResultRow, b: ResultRow) => number> = {
    'input order': () => 0,
    'least sure': (a, b) => a.probability - b.probability,
    'most sure': (a, b) => b.probability - a.probability,
    label: (a, b) => placeOf(a) - placeOf(b) || b.probability - a.probability,
    slowest: (a, b) => b.milliseconds - a.milliseconds,
  }
  return [...rows].sort((a, b) => compare[order](a, b) || a.index - b.index)
}

export type RowFilter =
  | { readonly kind: 'all' }
  | { readonly kind: 'label'; readonly labelId: string }
  | { readonly kind: 'not sure' }
  | { readonly kind: 'cut' }
  | { readonly kind: 'unreadable' }

/** The rows that pass the filter, in the same order. */
export function filterRows(rows: readonly ResultRow[], filter: RowFilter): readonly ResultRow[] {
  switch (filter.kind) {
    case 'all':
      return rows
    case 'label':
      return rows.filter((row) => row.labelId === filter.labelId)
    case 'not sure':
      return rows.filter((row) => row.isUncertain)
    case 'cut':
      return rows.filter((row) => row.isCut)
    case 'unreadable':
      return rows.filter((row) => row.isUnreadable)
  }
}

export interface RowCounts {
  readonly all: number
  /** By label id; labels that no row has count 0. */
  readonly perLabel: ReadonlyMap<string, number>
  readonly notSure: number
  readonly cut: number
  readonly unreadable: number
}

/** How many rows each filter would show. */
export function countRows(rows: readonly ResultRow[], labels: LabelSet): RowCounts {
  const perLabel = new Map(labels.map((label) => [label.id, 0]))
  const counts = { notSure: 0, cut: 0, unreadable: 0 }
  for (const row of rows) {
    perLabel.set(row.labelId, (perLabel.get(row.labelId) ?? 0) + 1)
    counts.notSure += Number(row.isUncertain)
    counts.cut += Number(row.isCut)
    counts.unreadable += Number(row.isUnreadable)
  }
  return { all: rows.length, perLabel, ...counts }
}
