/** Which rows of a run are shown, and how many there are of each kind; rows are named by their positions. */
import type { LabelSet } from './label'
import { CUT, UNREADABLE, type ScoreTable } from './score-table'

export type RowFilter =
  | { readonly kind: 'all' }
  | { readonly kind: 'label'; readonly labelId: string }
  | { readonly kind: 'not sure' }
  | { readonly kind: 'cut' }
  | { readonly kind: 'unreadable' }

/** Positions of those of the first `count` rows that pass the filter, in input order; `uncertainBelow` is a probability. */
export function filterRows(
  table: ScoreTable,
  count: number,
  filter: RowFilter,
  labels: LabelSet,
  uncertainBelow: number,
): number[] {
  const passes = testOf(table, filter, labels, uncertainBelow)
  const passed: number[] = []
  for (let row = 0; row < count; row += 1) if (passes(row)) passed.push(row)
  return passed
}

function testOf(
  { winners, tops, flags }: ScoreTable,
  filter: RowFilter,
  labels: LabelSet,
  uncertainBelow: number,
): (row: number) => boolean {
  switch (filter.kind) {
    case 'all':
      return () => true
    case 'label': {
      const wanted = labels.findIndex(({ id }) => id === filter.labelId)
      return (row) => winners[row] === wanted
    }
    case 'not sure':
      return (row) => (tops[row] ?? 0) < uncertainBelow
    case 'cut':
      return (row) => ((flags[row] ?? 0) & CUT) !== 0
    case 'unreadable':
      return (row) => ((flags[row] ?? 0) & UNREADABLE) !== 0
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

/** How many of the first `count` rows each filter would show; `uncertainBelow` is a probability. */
export function countRows(
  { winners, tops, flags }: ScoreTable,
  count: number,
  labels: LabelSet,
  uncertainBelow: number,
): RowCounts {
  const wins = new Uint32Array(labels.length)
  let [notSure, cut, unreadable] = [0, 0, 0]
  for (let row = 0; row < count; row += 1) {
    const winner = winners[row] ?? 0
    wins[winner] = (wins[winner] ?? 0) + 1
    if ((tops[row] ?? 0) < uncertainBelow) notSure += 1
    const bits = flags[row] ?? 0
    if (bits & CUT) cut += 1
    if (bits & UNREADABLE) unreadable += 1
  }
  const perLabel = new Map(labels.map(({ id }, place) => [id, wins[place] ?? 0]))
  return { all: count, perLabel, notSure, cut, unreadable }
}
