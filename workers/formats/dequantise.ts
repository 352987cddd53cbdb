import { decodeF16 } from './half'
import { halfAt, INT4_BLOCK, zeroPointBytes } from './int4-blocks'
import type { Int4Weight, Int8Weight, LinearWeight } from './model-weights'

/** A weight as 32-bit floats in PyTorch's layout [outFeatures, inFeatures]: exactly the numbers that its codes stand for. */
export function dequantise(linear: LinearWeight): Float32Array {
  switch (linear.kind) {
    case 'fp32':
      return linear.weight
    case 'fp16':
      return decodeF16(linear.bytes)
    case 'int8':
      return dequantiseColumns(linear)
    case 'int4':
      return dequantiseBlocks(linear)
  }
}

/** Int8 codes [inFeatures, outFeatures] times their columns' scales, in PyTorch's layout [outFeatures, inFeatures]. */
export function dequantiseColumns({ inFeatures, outFeatures, quantised, scale }: Int8Weight): Float32Array {
  const weight = new Float32Array(quantised.length)
  for (let column = 0; column < outFeatures; column += 1) {
    const factor = scale[column] ?? 0
    for (let row = 0; row < inFeatures; row += 1)
      weight[column * inFeatures + row] = (quantised[row * outFeatures + column] ?? 0) * factor
  }
  return weight
}

function dequantiseBlocks({ inFeatures, outFeatures, codes, scale, zeroPoints }: Int4Weight): Float32Array {
  const weight = new Float32Array(outFeatures * inFeatures)
  const blocks = inFeatures / INT4_BLOCK
  scale.forEach((factor, place) => {
    const row = Math.floor(place / blocks)
    const zero = halfAt(zeroPoints, row * zeroPointBytes(blocks) * 2 + (place % blocks))
    for (let i = place * INT4_BLOCK; i < (place + 1) * INT4_BLOCK; i += 1)
      weight[i] = (halfAt(codes, i) - zero) * factor
  })
  return weight
}
