import type { ResultRow } from '../../src/domain/results'
import type { Smallcap } from '../../src/state/smallcap.svelte'

/** The rows as they are shown, in their order. */
export const shownRows = ({ view }: Smallcap): readonly ResultRow[] =>
  view.positions.map((position) => view.row(position))
