import type { NumberFormat } from '../../src/engine/contract'
import { ModelFormatError } from '../formats/format-error'
import type { StoredFormat } from '../formats/model-weights'
import { asStored, halfWeights, onWebGpu, weightOnly, type Kernels } from '../t5/kernels'
import { EngineFailure } from './engine-failure'
import type { Target } from './target'

type Where = Pick<Target, 'backend' | 'hasHalfFloats'>

/** What weights must be stored as for a number format; fp32 is made of any. */
const needed: Readonly<Record<Exclude<NumberFormat, 'fp32'>, StoredFormat>> = {
  int8: 'int8',
  'int8-weights': 'int8',
  'int4-weights': 'int4',
  'fp16-weights': 'fp16',
}

const inWords: Readonly<Record<StoredFormat, string>> = {
  int8: 'an int8 pack',
  int4: 'a 4-bit pack',
  fp16: '16-bit floats',
  fp32: '32-bit floats',
}

/** The number format in which stored weights run best on a backend. */
export function suitableFormat(stored: StoredFormat, { backend, hasHalfFloats }: Where): NumberFormat {
  switch (stored) {
    case 'int8':
      return backend === 'wasm' ? 'int8' : 'int8-weights'
    case 'int4':
      return 'int4-weights'
    case 'fp16':
      // WASM has no half floats: exactly the same numbers, and as fast, are those of fp32.
      return backend === 'webgpu' && hasHalfFloats ? 'fp16-weights' : 'fp32'
    case 'fp32':
      return 'fp32'
  }
}

/** All number formats that stored weights can be computed in, on one backend or another, the most exact first. */
export const POSSIBLE_FORMATS: Readonly<Record<StoredFormat, readonly NumberFormat[]>> = {
  int8: ['fp32', 'int8-weights', 'int8'],
  int4: ['fp32', 'int4-weights'],
  fp16: ['fp32', 'fp16-weights'],
  fp32: ['fp32'],
}

/**
 * How graphs compute in a number format.
 * @throws ModelFormatError for weights that are not stored so
 * @throws EngineFailure `invalid-request` for a format that the backend cannot compute in
 */
export function kernelsFor(
  numberFormat: NumberFormat,
  stored: StoredFormat,
  { backend, hasHalfFloats }: Where,
  file: string,
): Kernels {
  if (numberFormat !== 'fp32' && needed[numberFormat] !== stored)
    throw new ModelFormatError(
      file,
      'the weights',
      `${inWords[needed[numberFormat]]} for ${numberFormat}`,
      inWords[stored],
    )
  if (backend === 'wasm') return numberFormat === 'int8' ? asStored : weightOnly
  if (numberFormat === 'int8')
    throw new EngineFailure(
      'invalid-request',
      'WebGPU has no int8 activations; ask for int8-weights or fp32.',
    )
  if (numberFormat === 'fp16-weights' && !hasHalfFloats)
    throw new EngineFailure('invalid-request', 'This graphics device has no 16-bit floats; ask for fp32.')
  return onWebGpu(numberFormat === 'fp16-weights' ? halfWeights : weightOnly)
}
