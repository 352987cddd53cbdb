import type { GraphBuilder, Value } from '../graph/graph-builder'
import { matMulNBits } from '../graph/operations'
import { float32 } from '../graph/tensor'
import { INT4_BLOCK } from '../formats/int4-blocks'
import type { Int4Weight, LinearShape } from '../formats/model-weights'
import { transpose } from '../formats/transpose'
import type { Int8Matrix } from './int8-mat-mul'

/** Weights of an output in blocks along its inputs, as `MatMulNBits` reads them. */
export interface BlockMatrix extends LinearShape {
  readonly bits: 4 | 8
  readonly blockSize: number
  /** [outFeatures, blocks, bytes of a block] */
  readonly codes: Uint8Array
  /** [outFeatures, blocks] */
  readonly scale: Float32Array
  /** [outFeatures, bytes of its blocks' zero points]; without them 2^(bits - 1) stands for zero. */
  readonly zeroPoints?: Uint8Array
}

/** Block sizes that `MatMulNBits` takes and that are worth it, the one with the fastest kernels first. */
const blockSizes = [32, 16]
/** Of 8 bits. */
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
    bits: 8,
    blockSize,
    codes: Uint8Array.from(byOutput, (code) => code + zeroPoint),
    scale: repeated,
  }
}

/** 4-bit weights are stored as the operator reads them. */
export const int4Blocks = (weight: Int4Weight): BlockMatrix => ({ ...weight, bits: 4, blockSize: INT4_BLOCK })

/** x [*, in] · W [in, out] on 8- or 4-bit weights and fp32 activations. */
export function matMulBlocks(graph: GraphBuilder, x: Value, matrix: BlockMatrix): Value {
  const { inFeatures, outFeatures, bits, blockSize, codes, scale, zeroPoints } = matrix
  const blocks = inFeatures / blockSize
  return matMulNBits(
    graph,
    x,
    graph.weight({ type: 'uint8', dims: [outFeatures, blocks, (blockSize * bits) / 8], data: codes }),
    graph.weight(float32([outFeatures * blocks], scale)),
    zeroPoints && graph.weight({ type: 'uint8', dims: [zeroPoints.length], data: zeroPoints }),
    { inFeatures, outFeatures, blockSize, bits },
  )
}
