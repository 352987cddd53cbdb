import { writeSafetensors } from '../../../workers/formats/safetensors-writer'
import { parseSafetensors } from '../../../workers/formats/safetensors'
import type { TensorView } from '../../../workers/formats/tensor-view'

const PREFIX_BYTES = 8

/** A safetensors file taken apart, so that a mutation can put it together wrongly. */
export interface SafetensorsParts {
  readonly header: string
  readonly data: Uint8Array
}

export function takeApart(file: Uint8Array): SafetensorsParts {
  const headerBytes = Number(new DataView(file.buffer, file.byteOffset).getBigUint64(0, true))
  return {
    header: new TextDecoder().decode(file.subarray(PREFIX_BYTES, PREFIX_BYTES + headerBytes)).trimEnd(),
    data: file.subarray(PREFIX_BYTES + headerBytes),
  }
}

/** `headerBytes` is what the prefix claims, by default the truth. */
export function putTogether(header: string | Uint8Array, data: Uint8Array, headerBytes?: bigint): Uint8Array {
  const encoded = typeof header === 'string' ? new TextEncoder().encode(header) : header
  const file = new Uint8Array(PREFIX_BYTES + encoded.byteLength + data.byteLength)
  new DataView(file.buffer).setBigUint64(0, headerBytes ?? BigInt(encoded.byteLength), true)
  file.set(encoded, PREFIX_BYTES)
  file.set(data, PREFIX_BYTES + encoded.byteLength)
  return file
}

/** The file with each tensor replaced by what `change` gives, left out where it gives nothing. */
export function withTensors(
  file: Uint8Array,
  change: (tensor: TensorView) => TensorView | undefined,
  changeMetadata: (metadata: Record<string, string>) => Record<string, string> = (metadata) => metadata,
): Uint8Array {
  const { metadata, tensors } = parseSafetensors(file, 'valid.safetensors')
  const changed = [...tensors.values()].map(change).filter((tensor) => tensor !== undefined)
  return writeSafetensors(
    changed.map((tensor) => ({ ...tensor, data: tensor.bytes })),
    changeMetadata(Object.fromEntries(metadata)),
  )
}
