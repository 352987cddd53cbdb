import { dequantise } from './dequantise'
import type { LinearWeight, ModelWeights } from './model-weights'

/**
 * The same weights with every projection as 32-bit floats: a pack dequantised exactly, the reference that other number
 * formats are checked against.
 */
export function asFp32(weights: ModelWeights): ModelWeights {
  if (weights.storedFormat === 'fp32') return weights
  return {
    ...weights,
    storedFormat: 'fp32',
    linear: (name, inFeatures, outFeatures) => toFp32(weights.linear(name, inFeatures, outFeatures)),
    headLinear: () => toFp32(weights.headLinear()),
  }
}

function toFp32(linear: LinearWeight): LinearWeight {
  const { inFeatures, outFeatures } = linear
  return { kind: 'fp32', inFeatures, outFeatures, weight: dequantise(linear) }
}
