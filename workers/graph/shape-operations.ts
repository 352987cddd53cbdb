/** Operations on shapes and positions, for graphs whose inputs are token ids; shapes in comments. */
import type { GraphBuilder, Value } from './graph-builder'
import { elementTypes, int64, type Tensor } from './tensor'

const scalar = (value: number): Tensor => ({ type: 'int64', dims: [], data: BigInt64Array.of(BigInt(value)) })

/** The size of one dimension, as an int64 scalar. */
export const sizeOf = (g: GraphBuilder, x: Value, axis: number): Value =>
  g.node('Squeeze', [g.node('Shape', [x], { attributes: { start: axis, end: axis + 1 } })])

/** int64 [end - start]: start, start + 1, … */
export const positions = (g: GraphBuilder, start: Value, end: Value): Value =>
  g.node('Range', [start, end, g.constant(scalar(1))])

export const zero = (g: GraphBuilder): Value => g.constant(scalar(0))

/** int64 [queries, keys] of how far each key lies behind each query, cut off at `most` to either side, plus `most`. */
export const distances = (g: GraphBuilder, queries: Value, keys: Value, most: number): Value => {
  const rows = g.node('Unsqueeze', [queries, g.constant(int64([1]))])
  const columns = g.node('Unsqueeze', [keys, g.constant(int64([0]))])
  const distance = g.node('Sub', [columns, rows])
  const within = g.node('Clip', [distance, g.constant(scalar(-most)), g.constant(scalar(most))])
  return g.node('Add', [within, g.constant(scalar(most))])
}

/** Picks entries of the first dimension: [n, *] and int64 indices [...] → [..., *]. */
export const gatherRows = (g: GraphBuilder, table: Value, indices: Value): Value =>
  g.node('Gather', [table, indices], { attributes: { axis: 0 } })

export const toFloats = (g: GraphBuilder, x: Value): Value =>
  g.node('Cast', [x], { attributes: { to: elementTypes.float32 } })

export const concat = (g: GraphBuilder, parts: readonly Value[], axis: number): Value =>
  g.node('Concat', parts, { attributes: { axis } })
