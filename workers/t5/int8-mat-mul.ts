import type { GraphBuilder, Value } from '../graph/graph-builder'
import { divide, matMulIntegerToFloat, mostLast, multiply, quantiseUnit } from '../graph/operations'
import { float32 } from '../graph/tensor'

/** [inFeatures, outFeatures] row-major with a factor per column. */
export interface Int8Matrix {
  readonly inFeatures: number
  readonly outFeatures: number
  readonly quantised: Int8Array
  readonly scale: Float32Array
}

/** Activations have as many steps to either side of zero. */
const steps = 127

/**
 * x [*, in] · W [in, out] on int8 weights and 8-bit activations.
 *
 * [Note: A scale per token] `DynamicQuantizeMatMul` would do this in one operator, with one scale for the whole batch: a
 * text's answer then depends on its batch-mates, and one large activation coarsens all others. Here every token is divided
 * by its own largest magnitude, rounded to 127 steps to either side of zero, and its product multiplied back. That costs
 * some element-wise operators, and makes answers nearly independent of the batch and nearer to fp32.
 */
export function matMulInt8(graph: GraphBuilder, x: Value, weight: Int8Matrix): Value {
  const { inFeatures, outFeatures, quantised, scale } = weight
  const matrix = graph.weight({ type: 'int8', dims: [inFeatures, outFeatures], data: quantised })
  const columnScale = graph.weight(
    float32(
      [outFeatures],
      scale.map((factor) => factor / steps),
    ),
  )
  const most = mostLast(graph, x)
  const rounded = quantiseUnit(graph, divide(graph, x, most), steps)
  return multiply(graph, matMulIntegerToFloat(graph, rounded, matrix, columnScale), most)
}
