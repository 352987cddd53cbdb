import type { T5Config } from '../formats/t5-config'
import { GraphBuilder, type Value } from '../graph/graph-builder'
import { add, matMul, reshapeTo, rmsNorm, splitLast, transpose } from '../graph/operations'
import { crossAttention, type TextStates } from './cross-attention'
import { feedForwardBlock, norm, positionBias, projection } from './layers'
import { linear, type AdaptableGraph, type GraphWeights, type LayerContext } from './linear-layers'
import * as names from '../formats/t5-names'

/** Self-attention of a decoder block with its norm and residual: hidden [*, queries, dModel] → the same shape. */
export type Attend = (block: number, hidden: Value) => Value

/** Runs prefixes [1, queries, dModel] through the decoder beside each text → [batch, queries, dModel], after the final norm. */
export function decoder(
  config: T5Config,
  layers: LayerContext,
  prefix: Value,
  attend: Attend,
  text: TextStates,
): Value {
  const { graph } = layers
  let hidden = prefix
  for (let block = 0; block < config.numDecoderLayers; block += 1) {
    hidden = attend(block, hidden)
    hidden = add(graph, hidden, crossAttention(config, layers, block, hidden, text))
    hidden = add(graph, hidden, feedForwardBlock(config, layers, 'decoder', block, hidden))
  }
  return rmsNorm(graph, hidden, norm(config, layers, names.finalNorm('decoder')), config.layerNormEpsilon)
}

/** Self-attention of a prefix of one token: attention to itself alone is the value itself. */
export function itselfAlone(config: T5Config, layers: LayerContext): Attend {
  const inner = config.numHeads * config.dKv
  return (block, hidden) => {
    const module = names.selfAttention('decoder', block)
    const values = [projection(`${module}.v`, config.dModel, inner)]
    const value = linear(layers, normed(config, layers, block, hidden), values)
    return add(layers.graph, hidden, linear(layers, value, [projection(`${module}.o`, inner, config.dModel)]))
  }
}

/**
 * The label decoder by itself: what follows each of several prefixes of one length after each text.
 * Inputs: `prefix` [rows, positions, dModel] embedded tokens; `states` [batch, length, dModel] from the encoder;
 * `key_bias` [batch, 1, length]; `label_rows` [dModel, labels], rows of the output head, already scaled for tied heads;
 * `buckets` int32 [positions, positions]; `causal` [1, 1, positions, positions], very negative above the diagonal; and the
 * shapes `row_shape` = (-1, positions, dModel) and `query_shape` = (-1, rows·positions, dModel).
 * Outputs: `logits` [batch, rows·positions, labels] and `hidden` [batch, rows·positions, dModel].
 */
export function buildDecoderGraph(config: T5Config, weights: GraphWeights): AdaptableGraph {
  const graph = new GraphBuilder()
  const layers: LayerContext = { ...weights, graph, slots: [] }
  const { dModel } = config
  const prefix = graph.input('prefix', 'float32', ['rows', 'positions', dModel])
  const states = graph.input('states', 'float32', ['batch', 'length', dModel])
  const keyBias = graph.input('key_bias', 'float32', ['batch', 1, 'length'])
  const labelRows = graph.input('label_rows', 'float32', [dModel, 'labels'])
  const text = { states, statesByFeature: transpose(graph, states, [0, 2, 1]), keyBias }
  const hidden = decoder(config, layers, prefix, severalPositions(config, layers), text)
  graph.output('hidden', hidden, 'float32', ['batch', 'queries', dModel])
  graph.output('logits', matMul(graph, hidden, labelRows), 'float32', ['batch', 'queries', 'labels'])
  return { ...graph.build(), slots: layers.slots }
}

/** Self-attention within each prefix; elsewhere the prefixes of a text lie side by side as its queries. */
function severalPositions(config: T5Config, layers: LayerContext): Attend {
  const { graph } = layers
  const inner = config.numHeads * config.dKv
  const buckets = graph.input('buckets', 'int32', ['positions', 'positions'])
  const causal = graph.input('causal', 'float32', [1, 1, 'positions', 'positions'])
  const rowShape = graph.input('row_shape', 'int64', [3])
  const queryShape = graph.input('query_shape', 'int64', [3])
  const bias = add(graph, positionBias(config, layers, 'decoder', buckets), causal)
  return (block, hidden) => {
    const module = names.selfAttention('decoder', block)
    const rows = reshapeTo(graph, hidden, rowShape)
    const projections = ['q', 'k', 'v'].map((name) => projection(`${module}.${name}`, config.dModel, inner))
    const all = linear(layers, normed(config, layers, block, rows), projections)
    const [query, key, value] = splitLast(graph, all, [inner, inner, inner])
    if (!query || !key || !value) throw new Error('Split gave fewer than three parts')
    const context = layers.kernels.attention(graph, query, key, value, bias, config.numHeads)
    const attended = linear(layers, context, [projection(`${module}.o`, inner, config.dModel)])
    return reshapeTo(graph, add(graph, rows, attended), queryShape)
  }
}

function normed(config: T5Config, layers: LayerContext, block: number, hidden: Value): Value {
  const weight = norm(config, layers, names.layerNorm('decoder', block, 0))
  return rmsNorm(layers.graph, hidden, weight, config.layerNormEpsilon)
}
