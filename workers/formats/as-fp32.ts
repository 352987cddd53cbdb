import type { LinearWeight, ModelWeights } from './model-weights'

/**
 * The same weights with every projection as 32-bit floats: an int8 pack dequantised exactly, the reference that other
 * number formats are checked against.
 */
export function asFp32(weights: ModelWeights): ModelWeights {
  if (!weights.isQuantised) return weights
  return {
    ...weights,
    isQuantised: false,
    linear: (name, inFeatures, outFeatures) => dequantised(weights.linear(name, inFeatures, outFeatures)),
    headLinear: () => dequantised(weights.headLinear()),
  }
}

function dequantised(linear: LinearWeight): LinearWeight {
  if (linear.kind === 'fp32') return linear
  const { inFeatures, outFeatures } = linear
  return { kind: 'fp32', inFeatures, outFeatures, weight: dequantiseColumns(linear) }
}

/** Int8 codes [inFeatures, outFeatures] times their columns' scales, in PyTorch's layout [outFeatures, inFeatures]. */
export function dequantiseColumns({
  inFeatures,
  outFeatures,
  quantised,
  scale,
}: Extract<LinearWeight, { kind: 'int8' }>): Float32Array {
  const weight = new Float32Array(quantised.length)
  for (let column = 0; column < outFeatures; column += 1) {
    const factor = scale[column] ?? 0
    for (let row = 0; row < inFeatures; row += 1)
      weight[column * inFeatures + row] = (quantised[row * outFeatures + column] ?? 0) * factor
  }
  return weight
}
