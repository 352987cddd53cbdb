import type { Int8Weight, LinearShape, LinearWeight } from '../formats/model-weights'
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

/** Puts weights of the same input side by side as far as neighbours are of one kind: [in, a] and [in, b] → [in, a + b]. */
export function joinColumns(weights: readonly LinearWeight[]): readonly LinearWeight[] {
  const joined: LinearWeight[] = []
  for (let start = 0; start < weights.length;) {
    const kind = weights[start]?.kind
    const after = weights.findIndex((weight, i) => i > start && weight.kind !== kind)
    const end = after < 0 ? weights.length : after
    joined.push(joinAlike(weights.slice(start, end)))
    start = end
  }
  return joined
}

function joinAlike(weights: readonly LinearWeight[]): LinearWeight {
  const [first] = weights
  if (!first) throw new Error('No weights to join')
  if (weights.length === 1) return first
  const shape = {
    inFeatures: first.inFeatures,
    outFeatures: weights.reduce((sum, weight) => sum + weight.outFeatures, 0),
  }
  const parts = <Kind extends LinearWeight['kind']>(kind: Kind) =>
    weights.filter((weight): weight is Extract<LinearWeight, { kind: Kind }> => weight.kind === kind)
  switch (first.kind) {
    // PyTorch keeps a row per output, and so do blocks: joining outputs is joining the arrays.
    case 'fp32':
      return { kind: 'fp32', ...shape, weight: concatFloats(parts('fp32').map(({ weight }) => weight)) }
    case 'fp16':
      return { kind: 'fp16', ...shape, bytes: concatBytes(parts('fp16').map(({ bytes }) => bytes)) }
    case 'int4':
      return {
        kind: 'int4',
        ...shape,
        codes: concatBytes(parts('int4').map(({ codes }) => codes)),
        scale: concatFloats(parts('int4').map(({ scale }) => scale)),
        zeroPoints: concatBytes(parts('int4').map(({ zeroPoints }) => zeroPoints)),
      }
    case 'int8':
      return { kind: 'int8', ...shape, ...joinInt8(parts('int8'), shape) }
  }
}

function joinInt8(parts: readonly Int8Weight[], { inFeatures, outFeatures }: LinearShape) {
  const quantised = new Int8Array(outFeatures * inFeatures)
  let start = 0
  for (const part of parts) {
    for (let row = 0; row < inFeatures; row += 1) {
      const values = part.quantised.subarray(row * part.outFeatures, (row + 1) * part.outFeatures)
      quantised.set(values, row * outFeatures + start)
    }
    start += part.outFeatures
  }
  return { quantised, scale: concatFloats(parts.map(({ scale }) => scale)) }
}

function concatFloats(parts: readonly Float32Array[]): Float32Array {
  return concat(parts, new Float32Array(lengthOf(parts)))
}

function concatBytes(parts: readonly Uint8Array[]): Uint8Array {
  return concat(parts, new Uint8Array(lengthOf(parts)))
}

const lengthOf = (parts: readonly { readonly length: number }[]): number =>
  parts.reduce((sum, { length }) => sum + length, 0)

function concat<T extends Float32Array | Uint8Array>(parts: readonly T[], target: T): T {
  let offset = 0
  for (const part of parts) {
    target.set(part, offset)
    offset += part.length
  }
  return target
}
