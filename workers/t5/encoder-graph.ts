import type { T5Config } from '../formats/t5-config'
import { GraphBuilder, type BuiltGraph, type Value } from '../graph/graph-builder'
import { add, attention, rmsNorm, splitLast } from '../graph/operations'
import { norm, feedForwardBlock, positionBias, projection } from './layers'
import { linear, type AdapterSlot, type LayerContext } from './linear-layers'
import * as names from '../formats/t5-names'

/** A graph with the adapter slots found while building it. */
export interface AdaptableGraph extends BuiltGraph {
  readonly slots: readonly AdapterSlot[]
}

/**
 * The encoder: `embeddings` [batch, length, dModel], `buckets` int32 [length, length] and `key_bias` [batch, 1, 1, length]
 * (0 for text, very negative for padding) → `states` [batch, length, dModel], after the final norm.
 */
export function buildEncoderGraph(
  config: T5Config,
  context: Pick<LayerContext, 'weights' | 'adaptedModules'>,
): AdaptableGraph {
  const graph = new GraphBuilder()
  const layers: LayerContext = { ...context, graph, slots: [] }
  const embeddings = graph.input('embeddings', 'float32', ['batch', 'length', config.dModel])
  const buckets = graph.input('buckets', 'int32', ['length', 'length'])
  const keyBias = graph.input('key_bias', 'float32', ['batch', 1, 1, 'length'])
  const bias = add(graph, positionBias(config, layers, 'encoder', buckets), keyBias)

  let states = embeddings
  for (let block = 0; block < config.numLayers; block += 1) {
    const attended = selfAttention(config, layers, block, states, bias)
    states = add(graph, states, attended)
    states = add(graph, states, feedForwardBlock(config, layers, 'encoder', block, states))
  }
  const finalWeight = norm(config, layers, names.finalNorm('encoder'))
  graph.output('states', rmsNorm(graph, states, finalWeight, config.layerNormEpsilon), 'float32', [
    'batch',
    'length',
    config.dModel,
  ])
  return { ...graph.build(), slots: layers.slots }
}

function selfAttention(
  config: T5Config,
  layers: LayerContext,
  block: number,
  states: Value,
  bias: Value,
): Value {
  const { graph } = layers
  const inner = config.numHeads * config.dKv
  const module = names.selfAttention('encoder', block)
  const weight = norm(config, layers, names.layerNorm('encoder', block, 0))
  const normed = rmsNorm(graph, states, weight, config.layerNormEpsilon)
  const projections = ['q', 'k', 'v'].map((name) => projection(`${module}.${name}`, config.dModel, inner))
  const [query, key, value] = splitLast(graph, linear(layers, normed, projections), [inner, inner, inner])
  if (!query || !key || !value) throw new Error('Split gave fewer than three parts')
  const context = attention(graph, query, key, value, bias, config.numHeads)
  return linear(layers, context, [projection(`${module}.o`, inner, config.dModel)])
}
