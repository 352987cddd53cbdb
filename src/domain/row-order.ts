/** In which order rows are shown. */
import type { ScoreTable } from './score-table'

export type RowOrder = 'input order' | 'least sure' | 'most sure' | 'label' | 'slowest'

/**
 * The positions in another order; given in input order, ties stay in it. `label` follows label order, surest first.
 * 100,000 rows take a few milliseconds.
 */
export function sortRows(
  table: ScoreTable,
  positions: readonly number[],
  order: RowOrder,
): readonly number[] {
  switch (order) {
    case 'input order':
      return positions
    case 'least sure':
      return ascending(positions, table.tops)
    case 'most sure':
      return descending(positions, table.tops)
    case 'label':
      return ascending(descending(positions, table.tops), table.winners)
    case 'slowest':
      return descending(positions, table.milliseconds)
  }
}

/** Both reversals together leave ties as they were. */
const descending = (positions: readonly number[], keys: Float64Array): readonly number[] =>
  ascending(positions.toReversed(), keys).toReversed()

const DIGITS = 4
const DIGIT_VALUES = 2 ** 16

/**
 * The positions by their keys, least first; equal ones stay as they were. Keys are not negative: the bits of such numbers,
 * read as one whole number, are in the same order (IEEE 754), and every platform of a browser stores the low ones first.
 * Source: Knuth, The Art of Computer Programming 3, 5.2.5, algorithm R (radix list sort), with counts for the lists.
 */
function ascending(positions: readonly number[], keys: Float64Array | Uint16Array): readonly number[] {
  const rows = positions.length
  const own = Float64Array.from(positions, (position) => keys[position] ?? 0)
  const digits = new Uint16Array(own.buffer)
  let from = Uint32Array.from({ length: rows }, (_, place) => place)
  let to = new Uint32Array(rows)
  const ends = new Uint32Array(DIGIT_VALUES)
  for (let digit = 0; digit < DIGITS; digit += 1) {
    ends.fill(0)
    for (let place = digit; place < digits.length; place += DIGITS) {
      const value = digits[place] ?? 0
      ends[value] = (ends[value] ?? 0) + 1
    }
    let before = 0
    for (let value = 0; value < DIGIT_VALUES; value += 1) {
      const here = ends[value] ?? 0
      ends[value] = before
      before += here
    }
    for (const place of from) {
      const value = digits[place * DIGITS + digit] ?? 0
      const at = ends[value] ?? 0
      to[at] = place
      ends[value] = at + 1
    }
    ;[from, to] = [to, from]
  }
  return Array.from(from, (place) => positions[place] ?? 0)
}
