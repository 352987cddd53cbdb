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

const DIGITS = 2
const DIGIT_VALUES = 2 ** 16

/**
 * The positions by their keys, least first; those that are equal to seven digits stay as they were. Keys are not negative:
 * the bits of such numbers, read as one whole number, are in the same order (IEEE 754), and every platform of a browser
 * stores the low ones first. As 32-bit floats they take half the passes.
 * Source: Knuth, The Art of Computer Programming 3, 5.2.5, algorithm R (radix list sort), with counts for the lists.
 */
function ascending(positions: readonly number[], keys: Float64Array | Uint16Array): readonly number[] {
  const rows = positions.length
  const own = new Float32Array(rows)
  let from = new Uint32Array(rows)
  let to = new Uint32Array(rows)
  // Plain loops: `from` with a function takes ten times as long.
  for (let place = 0; place < rows; place += 1) {
    own[place] = keys[positions[place] ?? 0] ?? 0
    from[place] = place
  }
  const digits = new Uint16Array(own.buffer)
  const ends = new Uint32Array(DIGIT_VALUES)
  for (let digit = 0; digit < DIGITS; digit += 1) {
    if (!countDigits(digits, digit, ends)) continue
    for (let at = 0; at < rows; at += 1) {
      const place = from[at] ?? 0
      const value = digits[place * DIGITS + digit] ?? 0
      const end = ends[value] ?? 0
      to[end] = place
      ends[value] = end + 1
    }
    ;[from, to] = [to, from]
  }
  const sorted: number[] = []
  for (let at = 0; at < rows; at += 1) sorted.push(positions[from[at] ?? 0] ?? 0)
  return sorted
}

/** Where the rows with each value of a digit go, into `starts`; false when all have the same, so that none has to move. */
function countDigits(digits: Uint16Array, digit: number, starts: Uint32Array): boolean {
  starts.fill(0)
  for (let place = digit; place < digits.length; place += DIGITS) {
    const value = digits[place] ?? 0
    starts[value] = (starts[value] ?? 0) + 1
  }
  if (starts[digits[digit] ?? 0] === digits.length / DIGITS) return false
  let before = 0
  for (let value = 0; value < DIGIT_VALUES; value += 1) {
    const here = starts[value] ?? 0
    starts[value] = before
    before += here
  }
  return true
}
