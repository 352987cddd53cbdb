import { ELEMENT_BYTES, type TensorType } from './tensor-view'

/** Data starts at a multiple of this, so that every type can be viewed without a copy. */
const ALIGNMENT_BYTES = 8
const PREFIX_BYTES = 8

export interface TensorToWrite {
  readonly name: string
  readonly dtype: TensorType
  readonly shape: readonly number[]
  /** Row-major elements, little-endian. */
  readonly data: Uint8Array | Int8Array | Float32Array
}

/**
 * Writes a safetensors file; the same tensors in any order give the same bytes. Tensors are ordered by falling element
 * size, then by name, so that each one starts aligned to its elements.
 */
export function writeSafetensors(
  tensors: readonly TensorToWrite[],
  metadata: Readonly<Record<string, string>> = {},
): Uint8Array<ArrayBuffer> {
  const inOrder = [...tensors].sort(
    (a, b) =>
      ELEMENT_BYTES[b.dtype] - ELEMENT_BYTES[a.dtype] || (a.name < b.name ? -1 : Number(a.name > b.name)),
  )
  tensors.forEach(checkSize)
  let dataBytes = 0
  const entries = inOrder.map(({ name, dtype, shape, data }) => {
    const begin = dataBytes
    dataBytes += data.byteLength
    return [name, { dtype, shape, data_offsets: [begin, dataBytes] }] as const
  })
  const header = encodeHeader(Object.fromEntries<unknown>([['__metadata__', metadata], ...entries]))
  const file = new Uint8Array(PREFIX_BYTES + header.byteLength + dataBytes)
  new DataView(file.buffer).setBigUint64(0, BigInt(header.byteLength), true)
  file.set(header, PREFIX_BYTES)
  let position = PREFIX_BYTES + header.byteLength
  for (const { data } of inOrder) {
    file.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), position)
    position += data.byteLength
  }
  return file
}

function checkSize({ name, dtype, data, shape }: TensorToWrite): void {
  const expected = shape.reduce((product, size) => product * size, ELEMENT_BYTES[dtype])
  if (expected !== data.byteLength)
    throw new RangeError(
      `${name} takes ${expected} bytes as ${dtype} [${shape.join(', ')}], not ${data.byteLength}`,
    )
}

/** The format allows spaces after the header. */
function encodeHeader(header: Readonly<Record<string, unknown>>): Uint8Array {
  const bytes = new TextEncoder().encode(JSON.stringify(header))
  const padded = new Uint8Array(Math.ceil(bytes.byteLength / ALIGNMENT_BYTES) * ALIGNMENT_BYTES).fill(0x20)
  padded.set(bytes)
  return padded
}
