import { uint16View } from '../formats/aligned-view'
import type { Fp16Weight } from '../formats/model-weights'
import { transpose } from '../formats/transpose'
import type { GraphBuilder, Value } from '../graph/graph-builder'
import { cast, matMul } from '../graph/operations'

/**
 * x [*, in] · W [in, out] on 16-bit weights and fp32 activations.
 *
 * [Note: Halves until they are used] The weight is made fp32 each time the graph is run, which gives up no bit of it, and T5's
 * activations, which are too large for 16 bits, stay fp32. A constant would be made fp32 once, when the graph is compiled, and
 * kept so: then nothing would be saved, which is why the weight is one that may be replaced.
 */
export function matMulHalves(
  graph: GraphBuilder,
  x: Value,
  { inFeatures, outFeatures, bytes }: Fp16Weight,
): Value {
  const halves = uint16View(bytes)
  const data = transpose(halves, new Uint16Array(halves.length), outFeatures, inFeatures)
  const weight = graph.replaceableWeight({ type: 'float16', dims: [inFeatures, outFeatures], data })
  return matMul(graph, x, cast(graph, weight, 'float32'))
}
