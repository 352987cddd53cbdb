import { decodeF16, encodeF16 } from './half'

/** Weights that share a scale and a zero point. */
export const INT4_BLOCK = 32
const LARGEST_CODE = 15

/** A matrix in 4 bits: weight = (code - zero point) · scale. */
export interface Int4Blocks {
  /** [rows, blocks, 16], two codes of 0 to 15 in a byte, the first in its lower half. */
  readonly codes: Uint8Array
  /** [rows, blocks]; every one of them can be told in 16 bits. */
  readonly scale: Float32Array
  /** [rows, half of the blocks, rounded up], packed as the codes are. */
  readonly zeroPoints: Uint8Array
}

/** Whether a matrix of so many columns can be cut into blocks. */
export const fitsInt4 = (columns: number): boolean => columns % INT4_BLOCK === 0

/** Bytes of the zero points of a row. */
export const zeroPointBytes = (blocks: number): number => Math.ceil(blocks / 2)

/**
 * Quantises a [rows, columns] matrix to 4 bits in blocks of 32 along its rows: 15 steps from the least to the greatest weight
 * of a block, zero among them, so that zero is exact.
 */
export function quantiseBlocks(matrix: Float32Array, rows: number, columns: number): Int4Blocks {
  if (!fitsInt4(columns)) throw new RangeError(`${columns} columns are no blocks of ${INT4_BLOCK}`)
  if (!matrix.every(Number.isFinite)) throw new RangeError('only finite weights can be quantised')
  const blocks = columns / INT4_BLOCK
  const codes = new Uint8Array(matrix.length / 2)
  const scale = new Float32Array(rows * blocks)
  const zeroPoints = new Uint8Array(rows * zeroPointBytes(blocks))
  for (let row = 0; row < rows; row += 1)
    for (let block = 0; block < blocks; block += 1) {
      const place = row * blocks + block
      const values = matrix.subarray(place * INT4_BLOCK, (place + 1) * INT4_BLOCK)
      const { step, zero } = stepsOf(values)
      scale[place] = step
      setHalf(zeroPoints, row * zeroPointBytes(blocks) * 2 + block, zero)
      values.forEach((value, i) => setHalf(codes, place * INT4_BLOCK + i, codeOf(value, step, zero)))
    }
  return { codes, scale, zeroPoints }
}

/** The code at a place of packed ones. */
export const halfAt = (packed: Uint8Array, place: number): number =>
  ((packed[place >> 1] ?? 0) >> (4 * (place & 1))) & LARGEST_CODE

function setHalf(packed: Uint8Array, place: number, code: number): void {
  packed[place >> 1] = (packed[place >> 1] ?? 0) | (code << (4 * (place & 1)))
}

/** The step as it is stored, in 16 bits; 1, and so all weights zero, where it is too small for them. */
function stepsOf(values: Float32Array): { readonly step: number; readonly zero: number } {
  let [least, greatest] = [0, 0]
  for (const value of values) {
    least = Math.min(least, value)
    greatest = Math.max(greatest, value)
  }
  const [rounded = 0] = decodeF16(encodeF16(Float32Array.of((greatest - least) / LARGEST_CODE)))
  const step = rounded === 0 ? 1 : rounded
  return { step, zero: clamped(Math.round(-least / step)) }
}

const codeOf = (value: number, step: number, zero: number): number => clamped(Math.round(value / step) + zero)

const clamped = (code: number): number => Math.max(0, Math.min(LARGEST_CODE, code))
