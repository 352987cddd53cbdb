import type { Adapter } from '../../workers/formats/adapter'
import type { ModelWeights } from '../../workers/formats/model-weights'

/** The fp32 weights with b·a added to every projection that the adapter targets: the reference for adapters as inputs. */
export function mergeAdapter(weights: ModelWeights, adapter: Adapter): ModelWeights {
  return {
    ...weights,
    linear: (name, inFeatures, outFeatures) => {
      const linear = weights.linear(name, inFeatures, outFeatures)
      const module = adapter.modules.get(name.replace(/\.weight$/, ''))
      if (!module) return linear
      if (linear.kind !== 'fp32') throw new Error('only fp32 weights can be merged')
      const { rank, a, b } = module
      const weight = linear.weight.map((value, index) => {
        const row = Math.floor(index / inFeatures)
        const column = index % inFeatures
        let change = 0
        for (let r = 0; r < rank; r += 1)
          change += (b[row * rank + r] ?? NaN) * (a[r * inFeatures + column] ?? NaN)
        return value + change
      })
      return { ...linear, weight }
    },
  }
}
