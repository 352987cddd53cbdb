import type { T5Config } from '../formats/t5-config'
import type { Value } from '../graph/graph-builder'
import { add, rmsNorm, splitLast } from '../graph/operations'
import { norm, feedForwardBlock, positionBias, projection } from './layers'
import { linear, type LayerContext } from './linear-layers'
import * as names from '../formats/t5-names'

/** What the encoder is fed, as inputs of the graph under construction. */
export interface EncoderInputs {
  /** `embeddings` [batch, length, dModel] */
  readonly embeddings: Value
  /** `buckets` int32 [length, length] */
  readonly buckets: Value
  /** `key_bias` [batch, 1, 1, length], 0 for text and very negative for padding */
  readonly keyBias: Value
}

export function encoderInputs(config: T5Config, { graph }: Pick<LayerContext, 'graph'>): EncoderInputs {
  return {
    embeddings: graph.input('embeddings', 'float32', ['batch', 'length', config.dModel]),
    buckets: graph.input('buckets', 'int32', ['length', 'length']),
    keyBias: graph.input('key_bias', 'float32', ['batch', 1, 1, 'length']),
  }
}

/** The encoder's states [batch, length, dModel], after the final norm. */
export function encoder(config: T5Config, layers: LayerContext, inputs: EncoderInputs): Value {
  const { graph } = layers
  const bias = add(graph, positionBias(config, layers, 'encoder', inputs.buckets), inputs.keyBias)
  let states = inputs.embeddings
  for (let block = 0; block < config.numLayers; block += 1) {
    states = add(graph, states, selfAttention(config, layers, block, states, bias))
    states = add(graph, states, feedForwardBlock(config, layers, 'encoder', block, states))
  }
  return rmsNorm(graph, states, norm(config, layers, names.finalNorm('encoder')), config.layerNormEpsilon)
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
  const context = layers.kernels.attention(graph, query, key, value, bias, config.numHeads)
  return linear(layers, context, [projection(`${module}.o`, inner, config.dModel)])
}
