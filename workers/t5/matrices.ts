import type { LinearWeight } from '../formats/model-weights'
import { transpose } from '../formats/transpose'

/** Transpose of a row-major [rows, columns] matrix, in an array of its own. */
export const transposedFloats = (matrix: Float32Array, rows: number, columns: number): Float32Array =>
  transpose(matrix, new Float32Array(matrix.length), rows, columns)

/** The transpose of each head's part: [heads·rows, columns] → [heads, columns, rows]. */
export function transposedPerHead(
  matrix: Float32Array,
  heads: number,
  rows: number,
  columns: number,
): Float32Array {
  const transposed = new Float32Array(matrix.length)
  const size = rows * columns
  for (let start = 0; start < heads * size; start += size)
    transpose(matrix.subarray(start, start + size), transposed.subarray(start, start + size), rows, columns)
  return transposed
}

/** Puts weights of the same input side by side: [in, a] and [in, b] → [in, a + b]. All must be of one kind. */
export function joinColumns(weights: readonly LinearWeight[]): LinearWeight {
  const [first] = weights
  if (!first) throw new Error('No weights to join')
  if (weights.length === 1) return first
  const { inFeatures } = first
  const outFeatures = weights.reduce((sum, weight) => sum + weight.outFeatures, 0)
  if (first.kind === 'fp32') {
    // PyTorch keeps a row per output, so joining outputs is joining the arrays.
    const weight = new Float32Array(outFeatures * inFeatures)
    let offset = 0
    for (const part of weights) {
      if (part.kind !== 'fp32') throw new Error('Weights of different number formats cannot be joined')
      weight.set(part.weight, offset)
      offset += part.weight.length
    }
    return { kind: 'fp32', inFeatures, outFeatures, weight }
  }
  const quantised = new Int8Array(outFeatures * inFeatures)
  const scale = new Float32Array(outFeatures)
  let start = 0
  for (const part of weights) {
    if (part.kind !== 'int8') throw new Error('Weights of different number formats cannot be joined')
    scale.set(part.scale, start)
    for (let row = 0; row < inFeatures; row += 1) {
      const values = part.quantised.subarray(row * part.outFeatures, (row + 1) * part.outFeatures)
      quantised.set(values, row * outFeatures + start)
    }
    start += part.outFeatures
  }
  return { kind: 'int8', inFeatures, outFeatures, quantised, scale }
}
