/** A model as two ONNX files in the layout that transformers.js loads, in fp32: token ids go in, states and logits come out. */
import type { ModelWeights } from '../formats/model-weights'
import type { T5Config } from '../formats/t5-config'
import * as names from '../formats/t5-names'
import { GraphBuilder, type Value } from '../graph/graph-builder'
import {
  add,
  insertAxis,
  matMul,
  reshape,
  rmsNorm,
  scale,
  softmax,
  splitLast,
  transpose,
} from '../graph/operations'
import { concat, distances, gatherRows, positions, sizeOf, toFloats, zero } from '../graph/shape-operations'
import { float32, int32 } from '../graph/tensor'
import { decoder, type Attend } from './decoder-graph'
import { encoder } from './encoder-graph'
import { maskedBias } from './encoder-input'
import { headScale } from './head-graph'
import { dequantised, onWebGpu } from './kernels'
import { norm, positionBias, projection } from './layers'
import { linear, type LayerContext } from './linear-layers'
import { relativePositionBucket } from './relative-position'

/** A file in parts. */
type FileParts = readonly Uint8Array[]

const batch = 'batch_size'
const textLength = 'encoder_sequence_length'
const prefixLength = 'decoder_sequence_length'
const pastLength = 'past_decoder_sequence_length'

/** `encoder_model.onnx`: `input_ids` and `attention_mask`, int64 [batch, length] → `last_hidden_state` [batch, length, dModel]. */
export function exportEncoder(config: T5Config, weights: ModelWeights): FileParts {
  const { graph, layers } = begin(weights)
  const ids = graph.input('input_ids', 'int64', [batch, textLength])
  const mask = graph.input('attention_mask', 'int64', [batch, textLength])
  const all = positions(graph, zero(graph), sizeOf(graph, ids, 1))
  const states = encoder(config, layers, {
    embeddings: gatherRows(graph, table(config, layers), ids),
    buckets: bucketsOf(config, graph, distances(graph, all, all, config.maxDistance), true),
    keyBias: reshape(graph, keyBias(graph, mask), [0, 1, 1, -1]),
  })
  graph.output('last_hidden_state', states, 'float32', [batch, textLength, config.dModel])
  return graph.buildInParts()
}

/**
 * `decoder_model_merged.onnx`: `input_ids` int64 [batch, positions], `encoder_hidden_states` [batch, length, dModel] and
 * `encoder_attention_mask` int64 [batch, length] → `logits` [batch, positions, vocabulary].
 * It has one branch for the first step and all others: keys and values of earlier positions come in as
 * `past_key_values.<block>.decoder.key` and `.value` [batch, heads, past, dKv], with past 0 at first, and go out as `present.…`.
 * Cross-attention needs no cache, see [Note: Folded cross-attention].
 */
export function exportDecoder(config: T5Config, weights: ModelWeights): FileParts {
  const { graph, layers } = begin(weights)
  const { dModel, vocabSize } = config
  const ids = graph.input('input_ids', 'int64', [batch, prefixLength])
  const states = graph.input('encoder_hidden_states', 'float32', [batch, textLength, dModel])
  const mask = graph.input('encoder_attention_mask', 'int64', [batch, textLength])
  const text = {
    states,
    statesByFeature: transpose(graph, states, [0, 2, 1]),
    keyBias: reshape(graph, keyBias(graph, mask), [0, 1, -1]),
  }
  const prefix = gatherRows(graph, table(config, layers), ids)
  const hidden = decoder(config, layers, prefix, withCache(config, layers, ids), text)
  const head = layers.weights.headLinear()
  const logits = layers.kernels.multiply(graph, scale(graph, hidden, headScale(config)), head)
  graph.output('logits', logits, 'float32', [batch, prefixLength, vocabSize])
  return graph.buildInParts()
}

function begin(weights: ModelWeights): { readonly graph: GraphBuilder; readonly layers: LayerContext } {
  const graph = new GraphBuilder(true)
  const kernels = onWebGpu(dequantised)
  return { graph, layers: { graph, weights, kernels, adaptedModules: new Set(), slots: [] } }
}

function table({ vocabSize, dModel }: T5Config, { graph, weights }: LayerContext): Value {
  const ids = Array.from({ length: vocabSize }, (_, id) => id)
  return graph.weight(float32([vocabSize, dModel], weights.embeddingRows(ids)))
}

/** 0 for text and very negative for padding. */
function keyBias(graph: GraphBuilder, mask: Value): Value {
  const one = graph.constant(float32([], Float32Array.of(1)))
  return scale(graph, graph.node('Sub', [one, toFloats(graph, mask)]), maskedBias)
}

/** int32 buckets of distances, see {@link distances}: beyond the greatest that counts they are all the same. */
function bucketsOf(
  { numBuckets, maxDistance }: T5Config,
  graph: GraphBuilder,
  distance: Value,
  isBidirectional: boolean,
): Value {
  const buckets = Int32Array.from({ length: 2 * maxDistance + 1 }, (_, i) =>
    relativePositionBucket(i - maxDistance, isBidirectional, numBuckets, maxDistance),
  )
  return gatherRows(graph, graph.constant(int32([buckets.length], buckets)), distance)
}

/** Self-attention over the positions of before and the new ones. */
function withCache(config: T5Config, layers: LayerContext, ids: Value): Attend {
  const { graph } = layers
  const { numHeads, dKv, dModel, maxDistance } = config
  const inner = numHeads * dKv
  const cacheDims = [batch, numHeads, pastLength, dKv]
  const pasts = Array.from({ length: config.numDecoderLayers }, (_, block) =>
    (['key', 'value'] as const).map((part) =>
      graph.input(`past_key_values.${String(block)}.decoder.${part}`, 'float32', cacheDims),
    ),
  )
  const [[firstKey] = []] = pasts
  if (!firstKey) throw new Error('A decoder without a block')
  const past = sizeOf(graph, firstKey, 2)
  const end = add(graph, past, sizeOf(graph, ids, 1))
  const distance = distances(
    graph,
    positions(graph, past, end),
    positions(graph, zero(graph), end),
    maxDistance,
  )
  const later = Float32Array.from({ length: 2 * maxDistance + 1 }, (_, i) =>
    i > maxDistance ? maskedBias : 0,
  )
  const causal = gatherRows(graph, graph.constant(float32([later.length], later)), distance)
  const bias = add(
    graph,
    positionBias(config, layers, 'decoder', bucketsOf(config, graph, distance, false)),
    insertAxis(graph, insertAxis(graph, causal, 0), 0),
  )
  const byHead = (x: Value) => transpose(graph, reshape(graph, x, [0, 0, numHeads, dKv]), [0, 2, 1, 3])
  return (block, hidden) => {
    const module = names.selfAttention('decoder', block)
    const gain = norm(config, layers, names.layerNorm('decoder', block, 0))
    const normed = rmsNorm(graph, hidden, gain, config.layerNormEpsilon)
    const projections = ['q', 'k', 'v'].map((name) => projection(`${module}.${name}`, dModel, inner))
    const [query, ...fresh] = splitLast(graph, linear(layers, normed, projections), [inner, inner, inner])
    const [key, value] = fresh.map((part, i) => {
      const before = pasts[block]?.[i]
      if (!before) throw new Error(`Block ${String(block)} has no cache`)
      const present = concat(graph, [before, byHead(part)], 2)
      const name = `present.${String(block)}.decoder.${i === 0 ? 'key' : 'value'}`
      graph.output(name, present, 'float32', [batch, numHeads, `${pastLength} + ${prefixLength}`, dKv])
      return present
    })
    if (!query || !key || !value) throw new Error('Split gave fewer than three parts')
    const scores = matMul(graph, byHead(query), transpose(graph, key, [0, 1, 3, 2]))
    const attended = matMul(graph, softmax(graph, add(graph, scores, bias)), value)
    const together = reshape(graph, transpose(graph, attended, [0, 2, 1, 3]), [0, 0, -1])
    return add(graph, hidden, linear(layers, together, [projection(`${module}.o`, inner, dModel)]))
  }
}
