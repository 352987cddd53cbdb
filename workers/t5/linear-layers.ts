import { add, matMul, multiply } from '../graph/operations'
import type { GraphBuilder, Value } from '../graph/graph-builder'
import { float32 } from '../graph/tensor'
import type { LinearWeight, ModelWeights } from '../formats/model-weights'
import type { Projection } from '../formats/t5-tensors'
import { transpose } from '../formats/transpose'
import { matMulInt8 } from './int8-mat-mul'
import { joinColumns, transposedFloats } from './matrices'

/**
 * A place in a graph where LoRA enters: `x·A·B` is added to the output of one or more projections of the same input.
 * [Note: Fused slots] Projections that share their input (q, k, v; wi_0, wi_1) are one matrix here, so their adapters are
 * too: the A of each stand side by side, the B of each in their own block.
 */
export interface AdapterSlot {
  /** Graph inputs `<name>.a` [inFeatures, rank] and `<name>.b` [rank, sum of outFeatures]. */
  readonly name: string
  readonly projections: readonly Projection[]
  /** True where the graph multiplies by the projection's weight untransposed, see {@link foldedKey}. */
  readonly isFolded: boolean
}

/** What the layers of a graph under construction share. */
export interface LayerContext {
  readonly graph: GraphBuilder
  readonly weights: ModelWeights
  /** Modules that some adapter targets: they get a slot. */
  readonly adaptedModules: ReadonlySet<string>
  /** Filled while the graph is built. */
  readonly slots: AdapterSlot[]
}

/** x [*, in] → [*, sum of out]: all projections of one input by one multiplication, adapters included. */
export function linear(context: LayerContext, x: Value, projections: readonly Projection[]): Value {
  const weight = joinColumns(
    projections.map(({ module, inFeatures, outFeatures }) =>
      context.weights.linear(`${module}.weight`, inFeatures, outFeatures),
    ),
  )
  return withAdapter(context, x, multiplyByWeight(context.graph, x, weight), projections, false)
}

/**
 * queries [*, out] · W [out, in] → [*, in], where keys = text · Wᵀ: q·(e·Wᵀ)ᵀ = (q·W)·eᵀ, so the text needs no keys.
 * The int8 scales belong to W's rows, so they multiply the queries instead.
 */
export function foldedKey(context: LayerContext, queries: Value, projection: Projection): Value {
  const { graph } = context
  const { module, inFeatures, outFeatures } = projection
  const weight = context.weights.linear(`${module}.weight`, inFeatures, outFeatures)
  let product: Value
  if (weight.kind === 'fp32') {
    product = matMul(graph, queries, graph.weight(float32([outFeatures, inFeatures], weight.weight)))
  } else {
    const scaled = multiply(graph, queries, graph.weight(float32([outFeatures], weight.scale)))
    const rows = {
      inFeatures: outFeatures,
      outFeatures: inFeatures,
      quantised: transpose(weight.quantised, new Int8Array(weight.quantised.length), inFeatures, outFeatures),
      scale: new Float32Array(inFeatures).fill(1),
    }
    product = matMulInt8(graph, scaled, rows)
  }
  return withAdapter(context, queries, product, [projection], true)
}

/** x [*, in] times one weight → [*, out]. */
export function multiplyByWeight(graph: GraphBuilder, x: Value, weight: LinearWeight): Value {
  const { inFeatures, outFeatures } = weight
  if (weight.kind === 'int8') return matMulInt8(graph, x, weight)
  const columns = transposedFloats(weight.weight, outFeatures, inFeatures)
  return matMul(graph, x, graph.weight(float32([inFeatures, outFeatures], columns)))
}

function withAdapter(
  { graph, adaptedModules, slots }: LayerContext,
  x: Value,
  product: Value,
  projections: readonly Projection[],
  isFolded: boolean,
): Value {
  const [first] = projections
  if (!first || !projections.some(({ module }) => adaptedModules.has(module))) return product
  const outFeatures = projections.reduce((sum, projection) => sum + projection.outFeatures, 0)
  const [rows, columns] = isFolded ? [outFeatures, first.inFeatures] : [first.inFeatures, outFeatures]
  const name = first.module
  const a = graph.input(`${name}.a`, 'float32', [rows, `${name} rank`])
  const b = graph.input(`${name}.b`, 'float32', [`${name} rank`, columns])
  slots.push({ name, projections, isFolded })
  return add(graph, product, matMul(graph, matMul(graph, x, a), b))
}
