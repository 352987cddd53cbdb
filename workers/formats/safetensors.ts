import { ModelFormatError, quoted } from './format-error'
import { JsonFields } from './json-fields'
import { parseStrictJson } from './strict-json'
import { ELEMENT_BYTES, isTensorType, type TensorView } from './tensor-view'

/** Eight bytes of header length, little-endian, stand before the header. */
const PREFIX_BYTES = 8
/** T5-11B has 558 tensors and its adapter twice as many at most; far more is not a model. */
const MAX_TENSORS = 8_192
/** Room for that many tensors with long names; the reference implementation stops at 100 MB. */
const MAX_HEADER_BYTES = 10_000_000
/** The tensors of T5 have one or two axes. */
const MAX_AXES = 8
/** The longest name of a T5 tensor has about 80 characters. */
const MAX_NAME_LENGTH = 512
/** Published files carry a handful. */
const MAX_METADATA_ENTRIES = 4_096

export interface SafetensorsFile {
  readonly metadata: ReadonlyMap<string, string>
  readonly tensors: ReadonlyMap<string, TensorView>
}

/**
 * Parses a safetensors file as hostile input, in time linear in its header; tensors are views into `bytes`.
 * Format: https://github.com/huggingface/safetensors#format. Throws {@link ModelFormatError} only.
 */
export function parseSafetensors(bytes: Uint8Array, file: string): SafetensorsFile {
  const headerBytes = readHeaderBytes(bytes, file)
  const header = JsonFields.from(parseStrictJson(headerBytes, file, 'header'), file, '')
  const data = bytes.subarray(PREFIX_BYTES + headerBytes.byteLength)
  const names = header.names.filter((name) => name !== '__metadata__')
  if (names.length > MAX_TENSORS)
    throw new ModelFormatError(file, 'header', `at most ${MAX_TENSORS} tensors`, String(names.length))
  const tensors = new Map<string, TensorView>()
  for (const name of names) tensors.set(name, readTensor(header, name, data, file))
  checkCoverage([...tensors.values()], data, file)
  return { metadata: readMetadata(header), tensors }
}

function readHeaderBytes(bytes: Uint8Array, file: string): Uint8Array {
  if (bytes.byteLength < PREFIX_BYTES)
    throw new ModelFormatError(file, 'file', `at least ${PREFIX_BYTES} bytes`, `${bytes.byteLength} bytes`)
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const length = view.getUint32(0, true) + view.getUint32(4, true) * 2 ** 32
  const limit = Math.min(MAX_HEADER_BYTES, bytes.byteLength - PREFIX_BYTES)
  if (length > limit)
    throw new ModelFormatError(file, 'header length', `at most ${limit} bytes`, `${length} bytes`)
  if (length === 0 || bytes[PREFIX_BYTES] !== 0x7b)
    throw new ModelFormatError(file, 'header', 'a JSON object that starts with "{"', 'something else')
  return bytes.subarray(PREFIX_BYTES, PREFIX_BYTES + length)
}

function readTensor(header: JsonFields, name: string, data: Uint8Array, file: string): TensorView {
  const subject = `tensor ${quoted(name)}`
  const fail = (expected: string, found: string) => new ModelFormatError(file, subject, expected, found)
  if (name.length > MAX_NAME_LENGTH)
    throw fail(`a name of at most ${MAX_NAME_LENGTH} characters`, `${name.length} characters`)
  const entry = header.fields(name)
  const dtype = entry.value('dtype')
  if (!isTensorType(dtype))
    throw fail(`a dtype among ${Object.keys(ELEMENT_BYTES).join(', ')}`, `dtype ${quoted(dtype)}`)
  const shape = readIntegers(entry.value('shape'), MAX_AXES)
  if (!shape) throw fail(`a shape of at most ${MAX_AXES} non-negative integers`, quoted(entry.value('shape')))
  const offsets = readIntegers(entry.value('data_offsets'), 2)
  const [begin, end] = offsets ?? []
  if (begin === undefined || end === undefined || begin > end || end > data.byteLength)
    throw fail(
      `data_offsets [begin, end] within ${data.byteLength} bytes of data`,
      quoted(entry.value('data_offsets')),
    )
  // A product too large to be exact is also larger than any file, so it never equals the bytes that are there.
  const sizeBytes = shape.reduce((product, size) => product * size, ELEMENT_BYTES[dtype])
  if (sizeBytes !== end - begin)
    throw fail(`${sizeBytes} bytes for ${dtype} of shape ${quoted(shape)}`, `${end - begin} bytes`)
  return { name, dtype, shape, bytes: data.subarray(begin, end) }
}

/** Non-negative integers that are exact in a double, at most `maxItems`; undefined if the value is anything else. */
function readIntegers(value: unknown, maxItems: number): readonly number[] | undefined {
  if (!Array.isArray(value) || value.length > maxItems) return undefined
  const items: readonly unknown[] = value
  const integers = items.filter(
    (item): item is number => typeof item === 'number' && Number.isSafeInteger(item) && item >= 0,
  )
  return integers.length === items.length ? integers : undefined
}

/** The format wants the tensors to cover the data exactly: an overlap or a hole hides damage or foreign bytes. */
function checkCoverage(tensors: readonly TensorView[], data: Uint8Array, file: string): void {
  const inOrder = [...tensors].sort(
    (a, b) => a.bytes.byteOffset - b.bytes.byteOffset || a.bytes.byteLength - b.bytes.byteLength,
  )
  let expected = 0
  for (const { name, bytes } of inOrder) {
    const begin = bytes.byteOffset - data.byteOffset
    if (begin !== expected)
      throw new ModelFormatError(
        file,
        `tensor ${quoted(name)}`,
        `data that starts at byte ${expected}, where the one before ends`,
        `byte ${begin}`,
      )
    expected = begin + bytes.byteLength
  }
  if (expected !== data.byteLength)
    throw new ModelFormatError(
      file,
      'data',
      `${expected} bytes, the sum of the tensors`,
      `${data.byteLength}`,
    )
}

function readMetadata(header: JsonFields): ReadonlyMap<string, string> {
  if (!header.has('__metadata__')) return new Map()
  const fields = header.fields('__metadata__')
  if (fields.names.length > MAX_METADATA_ENTRIES)
    throw header.error('__metadata__', `at most ${MAX_METADATA_ENTRIES} entries`, String(fields.names.length))
  return new Map(
    fields.names.map((name) => {
      const value = fields.value(name)
      if (typeof value !== 'string') throw fields.error(name, 'a text')
      return [name, value]
    }),
  )
}
