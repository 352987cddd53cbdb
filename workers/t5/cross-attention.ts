import type { T5Config } from '../formats/t5-config'
import type { Value } from '../graph/graph-builder'
import { add, matMul, reshape, rmsNorm, softmax } from '../graph/operations'
import { norm, projection } from './layers'
import { foldedKey, foldedValue, linear, type LayerContext } from './linear-layers'
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
 * no scaling here, so per head (q·W_k)·Eᵀ and (weights·E)·W_vᵀ give the same. Cheaper than projecting the text while there
 * are fewer heads than tokens.
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

  const normed = rmsNorm(graph, hidden, weight, config.layerNormEpsilon)
  const query = linear(layers, normed, [projection(`${module}.q`, dModel, inner)])
  const byHead = reshape(graph, query, [0, -1, numHeads, 1, dKv])
  const folded = foldedKey(layers, byHead, projection(`${module}.k`, dModel, inner), numHeads)
  const rows = reshape(graph, folded, [0, -1, dModel])
  const scores = add(graph, matMul(graph, rows, text.statesByFeature), text.keyBias)
  const context = matMul(graph, softmax(graph, scores), text.states)
  const attended = reshape(graph, context, [0, -1, numHeads, 1, dModel])
  const values = foldedValue(layers, attended, projection(`${module}.v`, dModel, inner), numHeads)
  return linear(layers, reshape(graph, values, [0, -1, inner]), [projection(`${module}.o`, inner, dModel)])
}
