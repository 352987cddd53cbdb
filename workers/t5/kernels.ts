/** How graphs compute, in each of the number formats and on each of the backends that they are made for. */
import { dequantise } from '../formats/dequantise'
import type { LinearWeight } from '../formats/model-weights'
import type { GraphBuilder, Value } from '../graph/graph-builder'
import { attention, attentionInParts, matMul } from '../graph/operations'
import { float32 } from '../graph/tensor'
import { int4Blocks, matMulBlocks, toBlocks, type BlockMatrix } from './block-mat-mul'
import { matMulHalves } from './half-mat-mul'
import { matMulInt8 } from './int8-mat-mul'
import { transposedFloats } from './matrices'

/** What graphs of one kind have in common. */
export interface Kernels {
  /** Writes x [*, in] · W [in, out] → [*, out] into a graph. */
  readonly multiply: (graph: GraphBuilder, x: Value, weight: LinearWeight) => Value
  readonly attention: typeof attention
}

/** Quantised weights in blocks, fp32 activations; a weight that no block fits is dequantised, which is the same numbers. */
export const weightOnly: Kernels = {
  multiply(graph, x, weight) {
    const blocks = blocksOf(weight)
    return blocks ? matMulBlocks(graph, x, blocks) : multiplyFloats(graph, x, weight)
  },
  attention,
}

/** int8 weights meet 8-bit activations; the others fp32 ones. */
export const asStored: Kernels = {
  multiply: (graph, x, weight) =>
    weight.kind === 'int8' ? matMulInt8(graph, x, weight) : weightOnly.multiply(graph, x, weight),
  attention,
}

/** 16-bit weights and fp32 activations; the others as {@link weightOnly} has them. */
export const halfWeights: Kernels = {
  multiply: (graph, x, weight) =>
    weight.kind === 'fp16' ? matMulHalves(graph, x, weight) : weightOnly.multiply(graph, x, weight),
  attention,
}

/** The very weights of the others as fp32: their reference. */
export const dequantised: Kernels = { multiply: multiplyFloats, attention }

/** The same, see [Note: Attention in single operators]. */
export const onWebGpu = (kernels: Kernels): Kernels => ({ ...kernels, attention: attentionInParts })

function blocksOf(weight: LinearWeight): BlockMatrix | undefined {
  if (weight.kind === 'int4') return int4Blocks(weight)
  return weight.kind === 'int8' ? toBlocks(weight) : undefined
}

function multiplyFloats(graph: GraphBuilder, x: Value, weight: LinearWeight): Value {
  const { inFeatures, outFeatures } = weight
  const columns = transposedFloats(dequantise(weight), outFeatures, inFeatures)
  return matMul(graph, x, graph.weight(float32([inFeatures, outFeatures], columns)))
}
