/** Parts that the encoder's and the decoder's blocks have in common. */
import type { T5Config } from '../formats/t5-config'
import type { Value } from '../graph/graph-builder'
import { gatherColumns, geluTanh, insertAxis, multiply, relu, rmsNorm, splitLast } from '../graph/operations'
import { float32 } from '../graph/tensor'
import { linear, type LayerContext } from './linear-layers'
import type { Projection } from '../formats/t5-tensors'
import { transposedFloats } from './matrices'
import * as names from '../formats/t5-names'

export const projection = (module: string, inFeatures: number, outFeatures: number): Projection => ({
  module,
  inFeatures,
  outFeatures,
})

/** The weight [dModel] of an RMSNorm. */
export function norm(config: T5Config, { graph, weights }: LayerContext, module: string): Value {
  return graph.weight(float32([config.dModel], weights.vector(`${module}.weight`, config.dModel)))
}

/** Relative position bias of a stack: `buckets` int32 [queries, keys] → [1, heads, queries, keys]. */
export function positionBias(
  config: T5Config,
  { graph, weights }: LayerContext,
  stack: names.Stack,
  buckets: Value,
): Value {
  const { numBuckets, numHeads } = config
  const table = weights.matrix(`${names.relativeBias(stack)}.weight`, numBuckets, numHeads)
  const byHead = graph.weight(float32([numHeads, numBuckets], transposedFloats(table, numBuckets, numHeads)))
  return insertAxis(graph, gatherColumns(graph, byHead, buckets), 0)
}

/** Norm and feed-forward of one block: states [*, dModel] → what is to be added to them. */
export function feedForwardBlock(
  config: T5Config,
  layers: LayerContext,
  stack: names.Stack,
  block: number,
  states: Value,
): Value {
  const { graph } = layers
  const { dModel, dFf } = config
  const module = names.feedForward(stack, block)
  const normName = names.layerNorm(stack, block, names.feedForwardLayer(stack))
  const normed = rmsNorm(graph, states, norm(config, layers, normName), config.layerNormEpsilon)
  const activate = config.activation === 'relu' ? relu : geluTanh
  const down = [projection(`${module}.wo`, dFf, dModel)]
  if (!config.isGated) {
    const up = linear(layers, normed, [projection(`${module}.wi`, dModel, dFf)])
    return linear(layers, activate(graph, up), down)
  }
  const both = linear(
    layers,
    normed,
    ['wi_0', 'wi_1'].map((name) => projection(`${module}.${name}`, dModel, dFf)),
  )
  const [gate, up] = splitLast(graph, both, [dFf, dFf])
  if (!gate || !up) throw new Error('Split gave fewer than two parts')
  return linear(layers, multiply(graph, activate(graph, gate), up), down)
}
