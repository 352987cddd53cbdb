import type { Adapter, AdapterModule } from './adapter'
import { dequantiseColumns } from './as-fp32'
import type { LinearWeight, ModelWeights } from './model-weights'
import { quantiseColumns } from './quantise'

/**
 * The weights with an adapter's changes added: W + b·a for every projection that it targets, quantised again where the
 * projection was int8. The projections are merged anew each time they are asked for, so nothing is held.
 */
export function mergedWeights(weights: ModelWeights, adapter: Adapter): ModelWeights {
  return {
    ...weights,
    linear: (name, inFeatures, outFeatures) => {
      const linear = weights.linear(name, inFeatures, outFeatures)
      const change = adapter.modules.get(name.replace(/\.weight$/, ''))
      return change ? merged(linear, change) : linear
    },
  }
}

function merged(linear: LinearWeight, change: AdapterModule): LinearWeight {
  const { kind, inFeatures, outFeatures } = linear
  // A copy either way: stored weights are not ours to change.
  const weight = kind === 'fp32' ? linear.weight.slice() : dequantiseColumns(linear)
  addProduct(weight, change, inFeatures)
  return kind === 'fp32'
    ? { kind, inFeatures, outFeatures, weight }
    : { kind, inFeatures, outFeatures, ...quantiseColumns(weight, inFeatures, outFeatures) }
}

/** Adds b·a to a [outFeatures, inFeatures] matrix in place; four ranks at a time, which halves the reads and writes of it. */
function addProduct(weight: Float32Array, { rank, a, b }: AdapterModule, inFeatures: number): void {
  for (let row = 0; row * inFeatures < weight.length; row += 1) {
    const target = weight.subarray(row * inFeatures, (row + 1) * inFeatures)
    const factors = b.subarray(row * rank, (row + 1) * rank)
    for (let first = 0; first < rank; first += 4) {
      // Beyond the last rank both the factor and the row of a are missing, and add nothing.
      const [f0 = 0, f1 = 0, f2 = 0, f3 = 0] = factors.subarray(first, first + 4)
      const s0 = first * inFeatures
      const [s1, s2, s3] = [s0 + inFeatures, s0 + 2 * inFeatures, s0 + 3 * inFeatures]
      for (let column = 0; column < inFeatures; column += 1)
        target[column] =
          (target[column] ?? 0) +
          f0 * (a[s0 + column] ?? 0) +
          f1 * (a[s1 + column] ?? 0) +
          f2 * (a[s2 + column] ?? 0) +
          f3 * (a[s3 + column] ?? 0)
    }
  }
}
