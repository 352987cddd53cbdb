import { ModelFormatError, quoted } from './format-error'
import { JsonFields } from './json-fields'
import { parseStrictJson } from './strict-json'
import { ELEMENT_BYTES, isTensorType, type TensorType } from './tensor-view'

/** Eight bytes of header length, little-endian, stand before the header. */
export const PREFIX_BYTES = 8
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

/** Where a tensor lies, in bytes from the end of the header. */
export interface TensorEntry {
  readonly name: string
  readonly dtype: TensorType
  readonly shape: readonly number[]
  readonly begin: number
  readonly end: number
}

export interface SafetensorsHeader {
  readonly metadata: ReadonlyMap<string, string>
  /** In the order of their data, which they cover without a hole. */
  readonly entries: readonly TensorEntry[]
  /** Bytes of data after the header. */
  readonly dataBytes: number
}

/**
 * Reads the length of the header from the first {@link PREFIX_BYTES} bytes.
 * @param fileBytes bytes of the whole file, where they are known
 */
export function readHeaderLength(prefix: Uint8Array, file: string, fileBytes = Infinity): number {
  const view = new DataView(prefix.buffer, prefix.byteOffset, PREFIX_BYTES)
  const length = view.getUint32(0, true) + view.getUint32(4, true) * 2 ** 32
  const limit = Math.min(MAX_HEADER_BYTES, fileBytes - PREFIX_BYTES)
  if (length > limit)
    throw new ModelFormatError(file, 'header length', `at most ${limit} bytes`, `${length} bytes`)
  if (length === 0)
    throw new ModelFormatError(file, 'header', 'a JSON object that starts with "{"', 'something else')
  return length
}

/**
 * Parses the header of a safetensors file as hostile input, in time linear in its length.
 * Format: https://github.com/huggingface/safetensors#format. Throws {@link ModelFormatError} only.
 * @param dataBytes bytes after the header, where they are known: the tensors must cover them
 */
export function parseSafetensorsHeader(
  bytes: Uint8Array,
  file: string,
  dataBytes?: number,
): SafetensorsHeader {
  if (bytes[0] !== 0x7b)
    throw new ModelFormatError(file, 'header', 'a JSON object that starts with "{"', 'something else')
  const header = JsonFields.from(parseStrictJson(bytes, file, 'header'), file, '')
  const names = header.names.filter((name) => name !== '__metadata__')
  if (names.length > MAX_TENSORS)
    throw new ModelFormatError(file, 'header', `at most ${MAX_TENSORS} tensors`, String(names.length))
  const entries = names
    .map((name) => readEntry(header, name, file, dataBytes))
    .sort((a, b) => a.begin - b.begin || a.end - b.end)
  const covered = checkCoverage(entries, file)
  if (dataBytes !== undefined && covered !== dataBytes)
    throw new ModelFormatError(file, 'data', `${covered} bytes, the sum of the tensors`, `${dataBytes}`)
  return { metadata: readMetadata(header), entries, dataBytes: covered }
}

function readEntry(header: JsonFields, name: string, file: string, dataBytes?: number): TensorEntry {
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
  const [begin, end] = readIntegers(entry.value('data_offsets'), 2) ?? []
  if (begin === undefined || end === undefined || begin > end || end > (dataBytes ?? Infinity))
    throw fail(
      dataBytes === undefined
        ? 'data_offsets [begin, end]'
        : `data_offsets [begin, end] within ${dataBytes} bytes of data`,
      quoted(entry.value('data_offsets')),
    )
  // A product too large to be exact is also larger than any file, so it never equals the bytes that are there.
  const sizeBytes = shape.reduce((product, size) => product * size, ELEMENT_BYTES[dtype])
  if (sizeBytes !== end - begin)
    throw fail(`${sizeBytes} bytes for ${dtype} of shape ${quoted(shape)}`, `${end - begin} bytes`)
  return { name, dtype, shape, begin, end }
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
function checkCoverage(inOrder: readonly TensorEntry[], file: string): number {
  let expected = 0
  for (const { name, begin, end } of inOrder) {
    if (begin !== expected)
      throw new ModelFormatError(
        file,
        `tensor ${quoted(name)}`,
        `data that starts at byte ${expected}, where the one before ends`,
        `byte ${begin}`,
      )
    expected = end
  }
  return expected
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
