/** How graphs compute, in each of the number formats and on each of the backends that they are made for. */
import { dequantiseColumns } from '../formats/as-fp32'
import type { LinearWeight } from '../formats/model-weights'
import type { GraphBuilder, Value } from '../graph/graph-builder'
import { attention, attentionInParts, matMul } from '../graph/operations'
import { float32 } from '../graph/tensor'
import { matMulBlocks, toBlocks } from './block-mat-mul'
import { matMulInt8 } from './int8-mat-mul'
import { transposedFloats } from './matrices'

/** What graphs of one kind have in common. */
export interface Kernels {
  /** Writes x [*, in] · W [in, out] → [*, out] into a graph. */
  readonly multiply: (graph: GraphBuilder, x: Value, weight: LinearWeight) => Value
  readonly attention: typeof attention
}

/** int8 weights meet 8-bit activations; fp32 weights stay what they are. */
export const asStored: Kernels = {
  multiply: (graph, x, weight) =>
    weight.kind === 'int8' ? matMulInt8(graph, x, weight) : multiplyFloats(graph, x, weight),
  attention,
}

/** int8 weights in blocks, fp32 activations; a weight that no block fits is dequantised, which is the same numbers. */
export const weightOnly: Kernels = {
  multiply(graph, x, weight) {
    const blocks = weight.kind === 'int8' ? toBlocks(weight) : undefined
    return blocks ? matMulBlocks(graph, x, blocks) : multiplyFloats(graph, x, weight)
  },
  attention,
}

/** The very weights of the others as fp32: their reference. */
export const dequantised: Kernels = { multiply: multiplyFloats, attention }

/** The same, see [Note: Attention in single operators]. */
export const onWebGpu = (kernels: Kernels): Kernels => ({ ...kernels, attention: attentionInParts })

function multiplyFloats(graph: GraphBuilder, x: Value, weight: LinearWeight): Value {
  const { inFeatures, outFeatures } = weight
  const rows = weight.kind === 'fp32' ? weight.weight : dequantiseColumns(weight)
  const columns = transposedFloats(rows, outFeatures, inFeatures)
  return matMul(graph, x, graph.weight(float32([inFeatures, outFeatures], columns)))
}
