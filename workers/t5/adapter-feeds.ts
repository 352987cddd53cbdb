import type { Adapter } from '../formats/adapter'
import type { Feeds } from '../runtime/session'
import { float32, type Tensor } from '../graph/tensor'
import type { AdapterSlot } from './linear-layers'
import { transposedFloats } from './matrices'

/** The graph inputs that switch an adapter on, or, with `undefined`, leave the base model as it is. */
export function adapterFeeds(slots: readonly AdapterSlot[], adapter: Adapter | undefined): Feeds {
  const feeds: Record<string, Tensor> = {}
  for (const slot of slots) {
    const { a, b } = slot.isFolded ? foldedFactors(slot, adapter) : fusedFactors(slot, adapter)
    feeds[`${slot.name}.a`] = a
    feeds[`${slot.name}.b`] = b
  }
  return feeds
}

interface Factors {
  readonly a: Tensor
  readonly b: Tensor
}

/** Rank 1 of zeros: a slot cannot be left empty. */
const noChange = (rows: number, columns: number): Factors => ({
  a: float32([rows, 1], new Float32Array(rows)),
  b: float32([1, columns], new Float32Array(columns)),
})

/** x·A·B for projections side by side, see [Note: Fused slots]. */
function fusedFactors({ projections }: AdapterSlot, adapter: Adapter | undefined): Factors {
  const inFeatures = projections[0]?.inFeatures ?? 0
  const outFeatures = projections.reduce((sum, projection) => sum + projection.outFeatures, 0)
  const updates = projections.map(({ module }) => adapter?.modules.get(module))
  const rank = updates.reduce((sum, update) => sum + (update?.rank ?? 0), 0)
  if (rank === 0) return noChange(inFeatures, outFeatures)
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

/** queries·B·A: with W + B·A in place of W, the folded key's q·W becomes q·W + (q·B)·A. */
function foldedFactors({ projections }: AdapterSlot, adapter: Adapter | undefined): Factors {
  const [projection] = projections
  if (!projection) throw new Error('An adapter slot without a projection')
  const { module, inFeatures, outFeatures } = projection
  const update = adapter?.modules.get(module)
  if (!update) return noChange(outFeatures, inFeatures)
  return {
    a: float32([outFeatures, update.rank], update.b),
    b: float32([update.rank, inFeatures], update.a),
  }
}
