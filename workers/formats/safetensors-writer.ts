import { PREFIX_BYTES } from './safetensors-header'
import { ELEMENT_BYTES, type TensorType } from './tensor-view'

/** Data starts at a multiple of this, so that every type can be viewed without a copy. */
const ALIGNMENT_BYTES = 8

export interface TensorShape {
  readonly name: string
  readonly dtype: TensorType
  readonly shape: readonly number[]
}

export interface TensorToWrite extends TensorShape {
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
  const { head, dataBytes } = encodeHeader(inOrder, metadata)
  const file = new Uint8Array(head.byteLength + dataBytes)
  file.set(head)
  let position = head.byteLength
  for (const { data } of inOrder) {
    file.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), position)
    position += data.byteLength
  }
  return file
}

/** The bytes before the data, which are to follow in the order of the tensors. */
export function encodeHeader(
  tensors: readonly TensorShape[],
  metadata: Readonly<Record<string, string>>,
): { readonly head: Uint8Array<ArrayBuffer>; readonly dataBytes: number } {
  let dataBytes = 0
  const entries = tensors.map(({ name, dtype, shape }) => {
    const begin = dataBytes
    dataBytes += sizeOf({ dtype, shape })
    return [name, { dtype, shape, data_offsets: [begin, dataBytes] }] as const
  })
  const header = Object.fromEntries<unknown>([['__metadata__', metadata], ...entries])
  const bytes = new TextEncoder().encode(JSON.stringify(header))
  // The format allows spaces after the header.
  const length = Math.ceil(bytes.byteLength / ALIGNMENT_BYTES) * ALIGNMENT_BYTES
  const head = new Uint8Array(PREFIX_BYTES + length).fill(0x20, PREFIX_BYTES)
  new DataView(head.buffer).setBigUint64(0, BigInt(length), true)
  head.set(bytes, PREFIX_BYTES)
  return { head, dataBytes }
}

const sizeOf = ({ dtype, shape }: Pick<TensorShape, 'dtype' | 'shape'>): number =>
  shape.reduce((product, size) => product * size, ELEMENT_BYTES[dtype])

function checkSize({ name, dtype, data, shape }: TensorToWrite): void {
  const expected = sizeOf({ dtype, shape })
  if (expected !== data.byteLength)
    throw new RangeError(
      `${name} takes ${expected} bytes as ${dtype} [${shape.join(', ')}], not ${data.byteLength}`,
    )
}
