import { add, concatLast, matMul } from '../graph/operations'
import type { BuiltGraph, GraphBuilder, Value } from '../graph/graph-builder'
import { float32, type Dimension } from '../graph/tensor'
import { dequantise } from '../formats/dequantise'
import type { ModelWeights } from '../formats/model-weights'
import type { Projection } from '../formats/t5-tensors'
import { joinColumns, transposedPerHead } from './matrices'
import type { Kernels } from './kernels'

/**
 * A place in a graph where LoRA enters: `x·A·B` is added to the output of one or more projections of the same input.
 * [Note: Fused slots] Projections that share their input (q, k, v; wi_0, wi_1) are one matrix here, so their adapters are
 * too: the A of each stand side by side, the B of each in their own block.
 */
export interface AdapterSlot {
  /** Graph inputs `<name>.a` and `<name>.b`; the first is as high as the slot's input is wide, between them is the rank. */
  readonly name: string
  readonly projections: readonly Projection[]
  /** How the graph multiplies by the weights: as they are, or by each head's part, see {@link foldedKey} and {@link foldedValue}. */
  readonly form: { readonly kind: 'whole' } | { readonly kind: 'key' | 'value'; readonly heads: number }
}

/** A graph with the adapter slots found while building it. */
export interface AdaptableGraph extends BuiltGraph {
  readonly slots: readonly AdapterSlot[]
}

/** What a graph is built from. */
export interface GraphWeights {
  readonly weights: ModelWeights
  readonly kernels: Kernels
  /** Modules that some adapter targets: they get a slot. */
  readonly adaptedModules: ReadonlySet<string>
}

/** What the layers of a graph under construction share. */
export interface LayerContext extends GraphWeights {
  readonly graph: GraphBuilder
  /** Filled while the graph is built. */
  readonly slots: AdapterSlot[]
}

/**
 * x [*, in] → [*, sum of out]: all projections of one input, adapters included, by one multiplication; by more only where
 * some of them are kept in another number format.
 */
export function linear(context: LayerContext, x: Value, projections: readonly Projection[]): Value {
  const { graph, kernels, weights } = context
  const parts = joinColumns(
    projections.map(({ module, inFeatures, outFeatures }) =>
      weights.linear(`${module}.weight`, inFeatures, outFeatures),
    ),
  )
  const products = parts.map((part) => kernels.multiply(graph, x, part))
  const inFeatures = projections[0]?.inFeatures ?? 0
  const outFeatures = projections.reduce((sum, projection) => sum + projection.outFeatures, 0)
  return withAdapter(context, x, concatLast(graph, products), projections, { kind: 'whole' }, (rank) => ({
    a: [inFeatures, rank],
    b: [rank, outFeatures],
  }))
}

/**
 * Queries of each head [*, heads, 1, dKv] → [*, heads, 1, in]: with keys = text·Wᵀ, q·(e·Wᵀ)ᵀ = (q·W)·eᵀ, so the text needs
 * no keys. So few rows gain nothing by int8, which is why these weights are fp32 in any number format.
 */
export function foldedKey(
  context: LayerContext,
  queries: Value,
  projection: Projection,
  heads: number,
): Value {
  const { graph } = context
  const { inFeatures, outFeatures } = projection
  const dKv = outFeatures / heads
  // PyTorch's [heads·dKv, in] is each head's [dKv, in] below the other.
  const byHead = float32([heads, dKv, inFeatures], floatsOf(context, projection))
  const product = matMul(graph, queries, graph.weight(byHead))
  return withAdapter(context, queries, product, [projection], { kind: 'key', heads }, (rank) => ({
    a: [heads, dKv, rank],
    b: [rank, inFeatures],
  }))
}

/** What each head attends to [*, heads, 1, in] → its values [*, heads, 1, dKv]: (w·e)·Wᵀ = w·(e·Wᵀ), fp32 as {@link foldedKey}. */
export function foldedValue(
  context: LayerContext,
  attended: Value,
  projection: Projection,
  heads: number,
): Value {
  const { graph } = context
  const { inFeatures, outFeatures } = projection
  const dKv = outFeatures / heads
  const columns = transposedPerHead(floatsOf(context, projection), heads, dKv, inFeatures)
  const product = matMul(graph, attended, graph.weight(float32([heads, inFeatures, dKv], columns)))
  return withAdapter(context, attended, product, [projection], { kind: 'value', heads }, (rank) => ({
    a: [inFeatures, rank],
    b: [heads, rank, dKv],
  }))
}

function floatsOf({ weights }: LayerContext, { module, inFeatures, outFeatures }: Projection): Float32Array {
  return dequantise(weights.linear(`${module}.weight`, inFeatures, outFeatures))
}

type SlotDims = Readonly<Record<'a' | 'b', readonly Dimension[]>>

function withAdapter(
  { graph, adaptedModules, slots }: LayerContext,
  x: Value,
  product: Value,
  projections: readonly Projection[],
  form: AdapterSlot['form'],
  dimsOf: (rank: string) => SlotDims,
): Value {
  const [first] = projections
  if (!first || !projections.some(({ module }) => adaptedModules.has(module))) return product
  const name = first.module
  const dims = dimsOf(`${name} rank`)
  const a = graph.input(`${name}.a`, 'float32', dims.a)
  const b = graph.input(`${name}.b`, 'float32', dims.b)
  slots.push({ name, projections, form })
  return add(graph, product, matMul(graph, matMul(graph, x, a), b))
}
