import { transpose } from './transpose'

/** Symmetric int8: codes from -127 to 127, zero is exact. */
const LARGEST_CODE = 127
/** Of binary32. */
const SMALLEST_NORMAL = 2 ** -126

export interface QuantisedMatrix {
  readonly quantised: Int8Array<ArrayBuffer>
  /** One factor per output column or table row. */
  readonly scale: Float32Array<ArrayBuffer>
}

/**
 * Quantises PyTorch's [outFeatures, inFeatures] to int8 codes [inFeatures, outFeatures] with one scale per output
 * column; |weight - code · scale| ≤ scale / 2.
 */
export function quantiseColumns(
  weight: Float32Array,
  inFeatures: number,
  outFeatures: number,
): QuantisedMatrix {
  const { quantised, scale } = quantiseRows(weight, outFeatures, inFeatures)
  return { quantised: transpose(quantised, new Int8Array(quantised.length), outFeatures, inFeatures), scale }
}

/** Quantises a [rows, columns] table to int8 in the same layout with one scale per row. */
export function quantiseRows(table: Float32Array, rows: number, columns: number): QuantisedMatrix {
  const quantised = new Int8Array(rows * columns)
  const scale = new Float32Array(rows)
  for (let row = 0; row < rows; row += 1) {
    const [start, end] = [row * columns, (row + 1) * columns]
    const step = stepOf(table, start, end)
    scale[row] = step
    for (let i = start; i < end; i += 1) quantised[i] = encode(table[i] ?? 0, step)
  }
  return { quantised, scale }
}

/** The step as stored, in 32 bits; 1, and so all codes zero, where the step would lose bits as a subnormal. */
function stepOf(values: Float32Array, start: number, end: number): number {
  let largest = 0
  for (let i = start; i < end; i += 1) largest = Math.max(largest, Math.abs(values[i] ?? 0))
  if (!Number.isFinite(largest)) throw new RangeError('only finite weights can be quantised')
  const step = Math.fround(largest / LARGEST_CODE)
  return step >= SMALLEST_NORMAL ? step : 1
}

/** The step was rounded to 32 bits, so the largest value may land a hair beyond the last code. */
function encode(value: number, step: number): number {
  return Math.max(-LARGEST_CODE, Math.min(LARGEST_CODE, Math.round(value / step)))
}
