import type { Adapter, AdapterModule } from '../formats/adapter'
import type { Projection } from '../formats/t5-tensors'
import type { Feeds } from '../runtime/session'
import { float32, type Tensor } from '../graph/tensor'
import type { AdapterSlot } from './linear-layers'
import { transposedFloats, transposedPerHead } from './matrices'

/** The graph inputs that switch an adapter on, or, with `undefined`, leave the base model as it is. */
export function adapterFeeds(slots: readonly AdapterSlot[], adapter: Adapter | undefined): Feeds {
  const feeds: Record<string, Tensor> = {}
  for (const slot of slots) {
    const { a, b } = factorsOf(slot, adapter)
    feeds[`${slot.name}.a`] = a
    feeds[`${slot.name}.b`] = b
  }
  return feeds
}

interface Factors {
  readonly a: Tensor
  readonly b: Tensor
}

function factorsOf({ projections, form }: AdapterSlot, adapter: Adapter | undefined): Factors {
  const [first] = projections
  if (!first) throw new Error('An adapter slot without a projection')
  if (form.kind === 'whole') return fusedFactors(projections, adapter)
  const update = adapter?.modules.get(first.module)
  return form.kind === 'key'
    ? foldedKeyFactors(first, form.heads, update)
    : foldedValueFactors(first, form.heads, update)
}

/** Zeros of rank 1: a slot cannot be left empty. */
const zeros = (dims: readonly number[]): Tensor =>
  float32(dims, new Float32Array(dims.reduce((product, size) => product * size, 1)))

/** x·A·B for projections side by side, see [Note: Fused slots]. */
function fusedFactors(projections: readonly Projection[], adapter: Adapter | undefined): Factors {
  const inFeatures = projections[0]?.inFeatures ?? 0
  const outFeatures = projections.reduce((sum, projection) => sum + projection.outFeatures, 0)
  const updates = projections.map(({ module }) => adapter?.modules.get(module))
  const rank = updates.reduce((sum, update) => sum + (update?.rank ?? 0), 0)
  if (rank === 0) return { a: zeros([inFeatures, 1]), b: zeros([1, outFeatures]) }
  // PyTorch's A [rank, in] below each other are [sum of ranks, in]; the graph wants the transpose.
  const a = new Float32Array(rank * inFeatures)
  const b = new Float32Array(rank * outFeatures)
  let firstRow = 0
  let firstColumn = 0
  projections.forEach((projection, i) => {
    const update = updates[i]
    if (update) {
      a.set(update.a, firstRow * inFeatures)
      const rows = transposedFloats(update.b, projection.outFeatures, update.rank)
      for (let row = 0; row < update.rank; row += 1) {
        const values = rows.subarray(row * projection.outFeatures, (row + 1) * projection.outFeatures)
        b.set(values, (firstRow + row) * outFeatures + firstColumn)
      }
      firstRow += update.rank
    }
    firstColumn += projection.outFeatures
  })
  return {
    a: float32([inFeatures, rank], transposedFloats(a, rank, inFeatures)),
    b: float32([rank, outFeatures], b),
  }
}

/** With W + B·A in place of W, a head's folded key q·W becomes q·W + (q·B)·A. */
function foldedKeyFactors(
  { inFeatures, outFeatures }: Projection,
  heads: number,
  update: AdapterModule | undefined,
): Factors {
  const dKv = outFeatures / heads
  if (!update) return { a: zeros([heads, dKv, 1]), b: zeros([1, inFeatures]) }
  return {
    a: float32([heads, dKv, update.rank], update.b),
    b: float32([update.rank, inFeatures], update.a),
  }
}

/** With W + B·A in place of W, a head's value c·Wᵀ becomes c·Wᵀ + (c·Aᵀ)·Bᵀ. */
function foldedValueFactors(
  { inFeatures, outFeatures }: Projection,
  heads: number,
  update: AdapterModule | undefined,
): Factors {
  const dKv = outFeatures / heads
  if (!update) return { a: zeros([inFeatures, 1]), b: zeros([heads, 1, dKv]) }
  const { rank, a, b } = update
  return {
    a: float32([inFeatures, rank], transposedFloats(a, rank, inFeatures)),
    b: float32([heads, rank, dKv], transposedPerHead(b, heads, dKv, rank)),
  }
}
