import type { GraphBuilder, Value } from '../graph/graph-builder'
import { matMulNBits } from '../graph/operations'
import { float32 } from '../graph/tensor'
import { transpose } from '../formats/transpose'
import type { Int8Matrix } from './int8-mat-mul'

/** Weights of an output in blocks along its inputs, as `MatMulNBits` reads them. */
export interface BlockMatrix {
  readonly inFeatures: number
  readonly outFeatures: number
  readonly blockSize: number
  /** [outFeatures, blocks, blockSize], with an offset of 128. */
  readonly codes: Uint8Array
  /** [outFeatures, blocks] */
  readonly scale: Float32Array
}

/** Block sizes that `MatMulNBits` takes and that are worth it, the one with the fastest kernels first. */
const blockSizes = [32, 16]
/** `MatMulNBits` without zero points takes 2^(bits - 1) for zero. */
const zeroPoint = 128

/** The same weights in blocks, without loss: a column's scale holds for each of its blocks. Undefined where no block size fits. */
export function toBlocks({ inFeatures, outFeatures, quantised, scale }: Int8Matrix): BlockMatrix | undefined {
  const blockSize = blockSizes.find((size) => inFeatures % size === 0)
  if (blockSize === undefined) return undefined
  const blocks = inFeatures / blockSize
  const byOutput = transpose(quantised, new Int8Array(quantised.length), inFeatures, outFeatures)
  const repeated = new Float32Array(outFeatures * blocks)
  scale.forEach((factor, output) => repeated.fill(factor, output * blocks, (output + 1) * blocks))
  return {
    inFeatures,
    outFeatures,
    blockSize,
    codes: Uint8Array.from(byOutput, (code) => code + zeroPoint),
    scale: repeated,
  }
}

/** x [*, in] · W [in, out] on 8-bit weights and fp32 activations. */
export function matMulBlocks(graph: GraphBuilder, x: Value, matrix: BlockMatrix): Value {
  const { inFeatures, outFeatures, blockSize, codes, scale } = matrix
  const blocks = inFeatures / blockSize
  return matMulNBits(
    graph,
    x,
    graph.weight({ type: 'uint8', dims: [outFeatures, blocks, blockSize], data: codes }),
    graph.weight(float32([outFeatures * blocks], scale)),
    { inFeatures, outFeatures, blockSize, bits: 8 },
  )
}
