import { ModelFormatError } from './format-error'
import { parseSafetensorsHeader, PREFIX_BYTES, readHeaderLength } from './safetensors-header'
import type { TensorView } from './tensor-view'

export interface SafetensorsFile {
  readonly metadata: ReadonlyMap<string, string>
  readonly tensors: ReadonlyMap<string, TensorView>
}

/** Parses a safetensors file as hostile input; tensors are views into `bytes`. Throws {@link ModelFormatError} only. */
export function parseSafetensors(bytes: Uint8Array, file: string): SafetensorsFile {
  if (bytes.byteLength < PREFIX_BYTES)
    throw new ModelFormatError(file, 'file', `at least ${PREFIX_BYTES} bytes`, `${bytes.byteLength} bytes`)
  const dataStart = PREFIX_BYTES + readHeaderLength(bytes, file, bytes.byteLength)
  const data = bytes.subarray(dataStart)
  const { metadata, entries } = parseSafetensorsHeader(
    bytes.subarray(PREFIX_BYTES, dataStart),
    file,
    data.byteLength,
  )
  const tensors = new Map<string, TensorView>()
  for (const { name, dtype, shape, begin, end } of entries)
    tensors.set(name, { name, dtype, shape, bytes: data.subarray(begin, end) })
  return { metadata, tensors }
}
