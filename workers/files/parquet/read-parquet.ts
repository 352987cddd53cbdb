/** Parquet files, read as hostile input. Loaded only when one is opened. */
import { parquetMetadataAsync, parquetReadObjects, parquetSchema } from 'hyparquet'
import type { AsyncBuffer, ColumnMetaData, FileMetaData, RowGroup, SchemaTree } from 'hyparquet'
import { getTreePath } from 'hyparquet/src/schema.js'
import { FileFailure } from '../file-failure'
import { rowOfFields } from '../json-record'
import { MAX_CHUNK_BYTES, MAX_COLUMNS, MAX_FOOTER_BYTES, MAX_ROWS, MAX_SCHEMA_ELEMENTS } from '../limits'
import type { PieceReader } from '../piece-reader'
import type { RowBatch } from '../raw-row'
import { checkChunk } from './check-chunk'
import { codecs } from './codecs'
import { exactColumns, parsers, withRawDecimals } from './parquet-cells'

const MARK_BYTES = 4
/** Length of the footer and closing mark. */
const END_BYTES = 8

export interface ParquetFile {
  readonly columns: readonly string[]
  readonly rows: number
  readonly metadata: FileMetaData
  readonly schema: SchemaTree
}

/** Passes our own failures on and turns what the decoder meets in broken files into one. */
async function guarded<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (error instanceof FileFailure || error instanceof DOMException || !(error instanceof Error))
      throw error
    if (/unsupported|not supported/.test(error.message))
      throw new FileFailure('unsupported', `this parquet file uses what is not read here (${error.message}).`)
    throw new FileFailure('invalid-parquet', `the file is damaged or cut off (${error.message}).`)
  }
}

/** Reads and checks what the footer says. Throws FileFailure `invalid-parquet`, `unsupported` or `too-large`. */
export function openParquet(pieces: PieceReader): Promise<ParquetFile> {
  return guarded(async () => {
    const end = await pieces.slice(Math.max(0, pieces.sizeBytes - END_BYTES), pieces.sizeBytes)
    const mark = new TextDecoder('windows-1252').decode(end.subarray(-MARK_BYTES))
    if (mark === 'PARE') throw new FileFailure('unsupported', 'this parquet file is encrypted.')
    if (mark !== 'PAR1' || pieces.sizeBytes < END_BYTES + MARK_BYTES)
      throw new FileFailure('invalid-parquet', 'the file is cut off: the closing mark of parquet is missing.')
    const footerBytes = new DataView(end.buffer).getUint32(0, true)
    if (footerBytes > Math.min(MAX_FOOTER_BYTES, pieces.sizeBytes - END_BYTES))
      throw new FileFailure('invalid-parquet', `the footer claims ${footerBytes.toLocaleString('en')} bytes.`)
    const metadata = await parquetMetadataAsync(asyncBuffer(pieces), { geoparquet: false })
    if (metadata.schema.length > MAX_SCHEMA_ELEMENTS) throw tooManyColumns()
    const schema = parquetSchema(metadata)
    const columns = schema.children.map((child) => child.element.name)
    if (columns.length > MAX_COLUMNS) throw tooManyColumns()
    const rows = metadata.row_groups.reduce((sum, group) => sum + Number(group.num_rows), 0)
    if (!(rows >= 0 && rows <= MAX_ROWS))
      throw new FileFailure(
        'too-large',
        `the file claims ${rows.toLocaleString('en')} rows; the limit is ${MAX_ROWS.toLocaleString('en')}.`,
      )
    return { columns, rows, metadata, schema }
  })
}

const tooManyColumns = () =>
  new FileFailure('too-large', `the file has more than ${MAX_COLUMNS.toLocaleString('en')} columns.`)

const asyncBuffer = (pieces: PieceReader): AsyncBuffer => ({
  byteLength: pieces.sizeBytes,
  slice: async (start, end) => (await pieces.slice(start, end ?? pieces.sizeBytes)).buffer,
})

/** The rows, a row group at a time; `enoughRows` ends the reading after the group in which it is reached. */
export async function* readParquet(
  pieces: PieceReader,
  file: ParquetFile,
  columns: readonly string[],
  enoughRows = Number.POSITIVE_INFINITY,
): AsyncGenerator<RowBatch> {
  const places = new Map(columns.map((name, place) => [name, place]))
  const exact = exactColumns(file.schema, file.metadata.schema)
  const schema = withRawDecimals(file.metadata.schema, exact)
  let row = 0
  let readBytes = 0
  for (const group of file.metadata.row_groups) {
    if (row >= enoughRows) return
    for (const { meta_data: column } of group.columns) {
      readBytes += column ? await checkColumn(pieces, file, group, column) : 0
      await pieces.mark(Math.min(readBytes, pieces.sizeBytes))
    }
    const records = await guarded(() => {
      const metadata = { ...file.metadata, schema, row_groups: [group], num_rows: group.num_rows }
      return parquetReadObjects({
        file: asyncBuffer(pieces),
        metadata,
        compressors: codecs,
        parsers,
        geoparquet: false,
      })
    })
    yield {
      rows: records.map((record) => {
        const fields = Object.entries(record).map(([name, value]): [string, unknown] => [
          name,
          exact.get(name)?.(value) ?? value,
        ])
        return rowOfFields((row += 1), fields, places)
      }),
      problems: [],
    }
  }
}

/** Checks one column of a row group and returns how many bytes of the file it takes. */
function checkColumn(
  pieces: PieceReader,
  file: ParquetFile,
  group: RowGroup,
  column: ColumnMetaData,
): Promise<number> {
  return guarded(async () => {
    const { dictionary_page_offset: dictionary, data_page_offset: data, total_compressed_size: size } = column
    // As the decoder computes it, so that what was checked is what is decoded.
    const start = Number(dictionary === undefined || dictionary === 0n ? data : dictionary)
    const sizeBytes = Number(size)
    if (!(start >= 0 && sizeBytes >= 0 && start + sizeBytes <= pieces.sizeBytes))
      throw new FileFailure('invalid-parquet', 'a column lies beyond the end of the file.')
    if (sizeBytes > MAX_CHUNK_BYTES || Number(column.total_uncompressed_size) > MAX_CHUNK_BYTES)
      throw new FileFailure(
        'too-large',
        'a column of one row group is too large; write the file with smaller row groups.',
      )
    const bytes = await pieces.slice(start, start + sizeBytes)
    checkChunk(bytes, column, getTreePath(file.schema, column.path_in_schema), Number(group.num_rows))
    return sizeBytes
  })
}
