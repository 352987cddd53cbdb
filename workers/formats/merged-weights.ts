import type { Adapter, AdapterModule } from './adapter'
import { dequantise } from './dequantise'
import type { LinearWeight, ModelWeights } from './model-weights'
import { quantiseColumns } from './quantise'

/**
 * The weights with an adapter's changes added: W + b·a for every projection that it targets, quantised again to 8 bits
 * where the projection was quantised; to 4 bits it would be rounded as coarsely once more. The projections are merged anew
 * each time they are asked for, so nothing is held.
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
  const floats = dequantise(linear)
  // Stored weights are not ours to change.
  const weight = kind === 'fp32' ? floats.slice() : floats
  addProduct(weight, change, inFeatures)
  return kind === 'fp32' || kind === 'fp16'
    ? { kind: 'fp32', inFeatures, outFeatures, weight }
    : { kind: 'int8', inFeatures, outFeatures, ...quantiseColumns(weight, inFeatures, outFeatures) }
}

/**
 * Adds b·a to a [outFeatures, inFeatures] matrix in place; four ranks at a time, which halves the reads and writes of it.
 * Plain loops over whole arrays: a model waits for this when it is loaded, before anything was optimised.
 */
function addProduct(weight: Float32Array, { rank, a, b }: AdapterModule, inFeatures: number): void {
  const rows = weight.length / inFeatures
  for (let row = 0; row < rows; row += 1) {
    const start = row * inFeatures
    for (let r = 0; r < rank; r += 4) {
      const factors = row * rank + r
      // Beyond the last rank there is nothing to add.
      const f0 = b[factors] ?? 0
      const f1 = r + 1 < rank ? (b[factors + 1] ?? 0) : 0
      const f2 = r + 2 < rank ? (b[factors + 2] ?? 0) : 0
      const f3 = r + 3 < rank ? (b[factors + 3] ?? 0) : 0
      const s0 = r * inFeatures
      const s1 = s0 + inFeatures
      const s2 = s1 + inFeatures
      const s3 = s2 + inFeatures
      for (let column = 0; column < inFeatures; column += 1) {
        const change =
          f0 * (a[s0 + column] ?? 0) +
          f1 * (a[s1 + column] ?? 0) +
          f2 * (a[s2 + column] ?? 0) +
          f3 * (a[s3 + column] ?? 0)
        weight[start + column] = (weight[start + column] ?? 0) + change
      }
    }
  }
}
