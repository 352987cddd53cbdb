import type { ColumnMetaData, PageHeader, SchemaTree } from 'hyparquet'
import { parquetHeader } from 'hyparquet/src/column.js'
import { getMaxDefinitionLevel, getMaxRepetitionLevel } from 'hyparquet/src/schema.js'
import { FileFailure } from '../file-failure'
import { MAX_CHUNK_BYTES, MAX_CHUNK_VALUES } from '../limits'
import { checkRuns } from './check-runs'
import { codecs } from './codecs'

/** Where a column lies in the schema, from the root. */
export type SchemaPath = SchemaTree[]

const claimsTooMuch = (what: string) =>
  new FileFailure('invalid-parquet', `a column claims too many ${what}.`)
const bitsFor = (level: number): number => 32 - Math.clz32(level)

/**
 * Looks at every page of a column before it is decoded, because the decoder writes out as many values as a page claims.
 * Throws FileFailure `invalid-parquet`.
 * @param rows rows of the row group
 */
export function checkChunk(
  bytes: Uint8Array<ArrayBuffer>,
  column: ColumnMetaData,
  path: SchemaPath,
  rows: number,
): void {
  const isFlat = getMaxRepetitionLevel(path) === 0
  const reader = { view: new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength), offset: 0 }
  let values = 0
  let unpackedBytes = 0
  while (reader.offset < bytes.length - 1 && !(isFlat && values >= rows)) {
    const header = parquetHeader(reader)
    const start = reader.offset
    reader.offset += header.compressed_page_size
    if (header.compressed_page_size < 0 || reader.offset > bytes.length)
      throw new FileFailure('invalid-parquet', 'a page is longer than its column.')
    unpackedBytes += header.uncompressed_page_size
    if (unpackedBytes > MAX_CHUNK_BYTES) throw claimsTooMuch('bytes')
    const count = valuesOf(header)
    if (count < 0 || count > MAX_CHUNK_VALUES) throw claimsTooMuch('values')
    if (header.type === 'DICTIONARY_PAGE') continue
    values += count
    if (values > (isFlat ? rows : MAX_CHUNK_VALUES)) throw claimsTooMuch('values')
    checkPage(bytes.subarray(start, reader.offset), header, column, path)
  }
}

const valuesOf = (header: PageHeader): number =>
  (header.data_page_header ?? header.data_page_header_v2 ?? header.dictionary_page_header)?.num_values ?? 0

function unpack(bytes: Uint8Array, { codec }: ColumnMetaData, sizeBytes: number): Uint8Array {
  const decompress = codecs[codec]
  return codec === 'UNCOMPRESSED' || !decompress ? bytes : decompress(bytes, sizeBytes)
}

function checkPage(bytes: Uint8Array, header: PageHeader, column: ColumnMetaData, path: SchemaPath): void {
  const { data_page_header: first, data_page_header_v2: second, uncompressed_page_size: size } = header
  const levels = [getMaxRepetitionLevel(path), getMaxDefinitionLevel(path)]
  if (first) {
    let rest = unpack(bytes, column, size)
    for (const level of levels) if (level > 0) rest = checkPrefixed(rest, bitsFor(level), first.num_values)
    checkValues(rest, first.encoding, column, first.num_values)
  } else if (second) {
    const { repetition_levels_byte_length: repetition, definition_levels_byte_length: definition } = second
    if (repetition < 0 || definition < 0) throw claimsTooMuch('levels')
    const start = repetition + definition
    checkRuns(bytes.subarray(0, repetition), bitsFor(levels[0] ?? 0), second.num_values)
    checkRuns(bytes.subarray(repetition, start), bitsFor(levels[1] ?? 0), second.num_values)
    const rest = bytes.subarray(start)
    const values = second.is_compressed === false ? rest : unpack(rest, column, size - start)
    checkValues(values, second.encoding, column, second.num_values)
  }
}

/** Runs with their length in four bytes before them; returns what follows. */
function checkPrefixed(bytes: Uint8Array, bitWidth: number, limit: number): Uint8Array {
  if (bytes.length < 4) throw new FileFailure('invalid-parquet', 'a page is cut off.')
  checkRuns(bytes.subarray(4), bitWidth, limit)
  const length = new DataView(bytes.buffer, bytes.byteOffset).getUint32(0, true)
  return bytes.subarray(4 + length)
}

function checkValues(bytes: Uint8Array, encoding: string, { type }: ColumnMetaData, limit: number): void {
  const isRuns = encoding === 'RLE' || encoding.endsWith('_DICTIONARY')
  if (!isRuns || bytes.length === 0) return
  if (type === 'BOOLEAN') checkPrefixed(bytes, 1, limit)
  else checkRuns(bytes.subarray(1), bytes[0] ?? 0, limit)
}
