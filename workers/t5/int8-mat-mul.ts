import type { GraphBuilder, Value } from '../graph/graph-builder'
import {
  add,
  divide,
  matMulIntegerToFloat,
  maxLast,
  minLast,
  multiply,
  offsetQuantise,
  scale,
  subtract,
} from '../graph/operations'
import { float32 } from '../graph/tensor'

/** [inFeatures, outFeatures] row-major with a factor per column. */
export interface Int8Matrix {
  readonly inFeatures: number
  readonly outFeatures: number
  readonly quantised: Int8Array
  readonly scale: Float32Array
}

/**
 * x [*, in] · W [in, out] on int8 weights and 8-bit activations.
 *
 * [Note: A scale per token] `DynamicQuantizeMatMul` would do this in one operator, with one scale for the whole batch: a
 * text's answer then depends on its batch-mates, and one large activation coarsens all others. Here every token has a scale
 * and an offset of its own, x = step·q + middle, so x·W = step·(q·W) + middle·(sum of each column of W). That costs some
 * element-wise operators, and makes answers nearly independent of the batch and nearer to fp32.
 */
export function matMulInt8(graph: GraphBuilder, x: Value, weight: Int8Matrix): Value {
  const { inFeatures, outFeatures, quantised } = weight
  const matrix = graph.weight({ type: 'int8', dims: [inFeatures, outFeatures], data: quantised })
  const columnScale = graph.weight(float32([outFeatures], weight.scale))
  const columnSums = graph.weight(float32([outFeatures], sumColumns(weight)))
  const least = minLast(graph, x)
  const greatest = maxLast(graph, x)
  const middle = scale(graph, add(graph, least, greatest), 0.5)
  const step = scale(graph, notZero(graph, subtract(graph, greatest, least)), 1 / 254)
  const rounded = offsetQuantise(graph, divide(graph, subtract(graph, x, middle), step))
  const product = matMulIntegerToFloat(graph, rounded, matrix, columnScale)
  return add(graph, multiply(graph, product, step), multiply(graph, middle, columnSums))
}

/** Keeps an all-equal token from dividing by zero. */
const notZero = (graph: GraphBuilder, range: Value): Value =>
  graph.node('Max', [range, graph.constant(float32([], Float32Array.of(1e-12)))])

function sumColumns({ outFeatures, quantised, scale: factors }: Int8Matrix): Float32Array {
  const sums = new Float32Array(outFeatures)
  quantised.forEach((value, i) => {
    sums[i % outFeatures] = (sums[i % outFeatures] ?? 0) + value
  })
  return sums.map((sum, column) => sum * (factors[column] ?? 0))
}
