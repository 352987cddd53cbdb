import type { Adapter } from '../formats/adapter'
import type { ExportBytes } from '../../src/engine/adapters'
import type { T5Parts } from './loaded-model'

const FLOAT_BYTES = Float32Array.BYTES_PER_ELEMENT

/** An ONNX file is one protocol buffer message, which may not pass 2 GB; the parts beside the weights are small. */
const MAX_ONNX_BYTES = 2 ** 31 - 2 ** 24

export const isSmallEnoughForOnnx = (parameters: number): boolean =>
  parameters * FLOAT_BYTES <= MAX_ONNX_BYTES

/** About how many bytes a model and its adapters take when they are written: those of the weights. */
export function exportBytes(
  { config, weights }: T5Parts,
  adapters: Iterable<readonly [name: string, adapter: Adapter]>,
): ExportBytes {
  const { parameters, hasOwnHead } = weights
  // Each of the two files has the vocabulary table, and the decoder the head besides.
  const more = (hasOwnHead ? 1 : 2) * config.vocabSize * config.dModel
  return {
    safetensors: parameters * FLOAT_BYTES,
    ...(isSmallEnoughForOnnx(parameters) && { onnx: (parameters + more) * FLOAT_BYTES }),
    adapters: Object.fromEntries([...adapters].map(([name, { modules }]) => [name, sizeOf(modules)])),
  }
}

const sizeOf = (modules: Adapter['modules']): number =>
  [...modules.values()].reduce((sum, { a, b }) => sum + a.byteLength + b.byteLength, 0)
