import type { T5Config } from '../formats/t5-config'
import type { Value } from '../graph/graph-builder'
import { add, insertAxis, matMul, multiply, reshape, rmsNorm, softmax, sumOver } from '../graph/operations'
import { float32 } from '../graph/tensor'
import { norm, projection } from './layers'
import { foldedKey, linear, type LayerContext } from './linear-layers'
import * as names from '../formats/t5-names'

/** What the decoder sees of the texts. */
export interface TextStates {
  /** [batch, length, dModel] */
  readonly states: Value
  /** [batch, dModel, length] */
  readonly statesByFeature: Value
  /** [batch, 1, length], very negative for padding. */
  readonly keyBias: Value
}

/**
 * Norm and cross-attention of one decoder block: hidden [1 or batch, queries, dModel] → what is to be added to it.
 *
 * [Note: Folded cross-attention] With few queries, keys and values over the text are not worth making. T5 has no bias and
 * no scaling here, so per head (q·W_k)·Eᵀ and (weights·E)·W_vᵀ give the same. To keep W_k and W_v two-dimensional (and so
 * quantisable as stored), each head's query stands in its own block of an otherwise zero row, and of the values of each
 * head's row only the head's own block is kept. Cheaper than projecting the text while there are fewer heads than tokens.
 */
export function crossAttention(
  config: T5Config,
  layers: LayerContext,
  block: number,
  hidden: Value,
  text: TextStates,
): Value {
  const { graph } = layers
  const { dModel, dKv, numHeads } = config
  const inner = numHeads * dKv
  const module = names.crossAttention(block)
  const weight = norm(config, layers, names.layerNorm('decoder', block, 1))
  const ownBlock = graph.constant(float32([numHeads, inner], ownBlocks(numHeads, dKv)))

  const normed = rmsNorm(graph, hidden, weight, config.layerNormEpsilon)
  const query = linear(layers, normed, [projection(`${module}.q`, dModel, inner)])
  const byHead = multiply(graph, insertAxis(graph, query, 2), ownBlock)
  const folded = foldedKey(layers, byHead, projection(`${module}.k`, dModel, inner))
  const rows = reshape(graph, folded, [0, -1, dModel])
  const scores = add(graph, matMul(graph, rows, text.statesByFeature), text.keyBias)
  const context = matMul(graph, softmax(graph, scores), text.states)
  const values = linear(layers, context, [projection(`${module}.v`, dModel, inner)])
  const kept = multiply(graph, reshape(graph, values, [0, -1, numHeads, inner]), ownBlock)
  return linear(layers, sumOver(graph, kept, 2), [projection(`${module}.o`, inner, dModel)])
}

/** [heads, heads·dKv]: ones where the column belongs to the head. */
function ownBlocks(heads: number, dKv: number): Float32Array {
  const mask = new Float32Array(heads * heads * dKv)
  for (let head = 0; head < heads; head += 1) {
    const start = head * heads * dKv + head * dKv
    mask.fill(1, start, start + dKv)
  }
  return mask
}
