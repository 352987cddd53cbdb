import type { T5Config } from '../formats/t5-config'
import { GraphBuilder } from '../graph/graph-builder'
import { matMul, reshape, transpose } from '../graph/operations'
import { float32 } from '../graph/tensor'
import { decoder, itselfAlone } from './decoder-graph'
import { encoder, encoderInputs } from './encoder-graph'
import type { AdaptableGraph, GraphWeights, LayerContext } from './linear-layers'

/**
 * Encoder and label decoder in one: a classification whose labels are one token each is one run.
 * Inputs: those of the encoder, see {@link encoderInputs}; `label_rows` [dModel, labels], rows of the output head, already
 * scaled for tied heads. Outputs: `states` [batch, length, dModel] and `logits` [batch, 1, labels]; what is not fetched is
 * not copied out.
 *
 * [Note: A constant prefix] The decoder's only input is the start token, so all of its first block before it looks at the
 * text is constant, and ONNX Runtime computes it once, when it compiles the graph.
 */
export function buildClassifierGraph(config: T5Config, weights: GraphWeights): AdaptableGraph {
  const graph = new GraphBuilder()
  const layers: LayerContext = { ...weights, graph, slots: [] }
  const { dModel, decoderStartTokenId } = config
  const inputs = encoderInputs(config, layers)
  const labelRows = graph.input('label_rows', 'float32', [dModel, 'labels'])

  const states = encoder(config, layers, inputs)
  const start = weights.weights.embeddingRows([decoderStartTokenId])
  const prefix = graph.constant(float32([1, 1, dModel], start))
  const keyBias = reshape(graph, inputs.keyBias, [0, 1, -1])
  const text = { states, statesByFeature: transpose(graph, states, [0, 2, 1]), keyBias }
  const hidden = decoder(config, layers, prefix, itselfAlone(config, layers), text)

  graph.output('states', states, 'float32', ['batch', 'length', dModel])
  graph.output('logits', matMul(graph, hidden, labelRows), 'float32', ['batch', 1, 'labels'])
  return { ...graph.build(), slots: layers.slots }
}
