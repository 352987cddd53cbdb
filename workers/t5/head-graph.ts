import type { T5Config } from '../formats/t5-config'
import { GraphBuilder, type BuiltGraph } from '../graph/graph-builder'
import { logSumExpLast, scale } from '../graph/operations'
import type { GraphWeights } from './linear-layers'

/** The factor on the decoder's output before the head: dModel^-½ for tied heads, as in the reference implementation. */
export const headScale = (config: T5Config): number =>
  config.scalesDecoderOutput ? config.dModel ** -0.5 : 1

/**
 * The normaliser of the full vocabulary: `hidden` [batch, queries, dModel] from the decoder
 * → `log_sum_exp` [batch, queries] of its logits.
 */
export function buildHeadGraph(
  config: T5Config,
  { weights, kernels }: Pick<GraphWeights, 'weights' | 'kernels'>,
): BuiltGraph {
  const graph = new GraphBuilder()
  const hidden = graph.input('hidden', 'float32', ['batch', 'queries', config.dModel])
  const logits = kernels.multiply(graph, scale(graph, hidden, headScale(config)), weights.headLinear())
  graph.output('log_sum_exp', logSumExpLast(graph, logits), 'float32', ['batch', 'queries'])
  return graph.build()
}
