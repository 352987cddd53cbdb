/** Finds out how a file is to be read. */
import { isOwnExport } from '../../src/domain/export-row'
import { distinctNames } from '../../src/domain/table-form'
import type { Layout, OpenRequest, Reading, TextEncoding } from '../../src/files/contract'
import { decodeText } from './decode-text'
import { FileFailure } from './file-failure'
import { findEncoding } from './find-encoding'
import { extensionOf, findLayout, type Beginning } from './find-layout'
import { TEXT_ALONE } from './json-record'
import { MAX_FILE_BYTES, PREVIEW_BYTES } from './limits'
import { ownExportReading } from './own-export'
import type { PieceReader } from './piece-reader'
import { readRecords } from './read-table'
import { HEAD_BYTES, isParquet, refuseArchives } from './recognise-bytes'

export interface FoundReading {
  readonly reading: Reading
  /** Rows that the file itself states; undefined where they have to be counted. */
  readonly rows?: number
}

/** Whether rows are told by the line on which they begin or by their number. */
export const rowsAreCountedIn = ({ layout }: Reading): 'lines' | 'records' =>
  ['parquet', 'json list', 'json object'].includes(layout.kind) ? 'records' : 'lines'

/**
 * The reading of a file whose name is only a hint; only the search through all of it tells of its progress, by `loud`.
 * Throws FileFailure for what cannot be read at all.
 */
export async function findReading(
  loud: PieceReader,
  pieces: PieceReader,
  request: OpenRequest,
): Promise<FoundReading> {
  if (pieces.sizeBytes > MAX_FILE_BYTES)
    throw new FileFailure('too-large', `the file has more than ${MAX_FILE_BYTES / 2 ** 20} MB; split it.`)
  const head = await pieces.slice(0, HEAD_BYTES)
  if (head.length === 0) throw new FileFailure('empty', 'the file is empty.')
  refuseArchives(head)
  if (isParquet(head)) {
    const { openParquet } = await import('./parquet/read-parquet')
    const { columns, rows } = await openParquet(pieces)
    return { reading: { layout: { kind: 'parquet' }, columns, isEscaped: false }, rows }
  }
  if (extensionOf(request.name) === 'parquet')
    throw new FileFailure('invalid-parquet', 'this is no parquet file: it does not begin with the mark PAR1.')
  const encoding = request.overrides?.encoding ?? (await findEncoding(head, loud))
  const beginning = await readBeginning(pieces, encoding)
  const layout = findLayout(request.name, beginning, request.labels, request.overrides?.table)
  const columns = await findColumns(pieces, layout, encoding)
  if (layout.kind === 'table' && isOwnExport(columns))
    return { reading: ownExportReading(head, layout, columns, encoding) }
  return { reading: { layout, encoding, columns, isEscaped: false } }
}

async function readBeginning(pieces: PieceReader, encoding: TextEncoding): Promise<Beginning> {
  let text = ''
  let isWhole = false
  for await (const piece of decodeText(pieces, encoding, HEAD_BYTES)) {
    text += piece.text
    isWhole = piece.isLast
  }
  if (isWhole && text.trim() === '') throw new FileFailure('empty', 'the file holds nothing but space.')
  return { text, isWhole }
}

/** The names of the columns, as far as they can be known before the rows: fields of JSON are found with them. */
async function findColumns(
  pieces: PieceReader,
  layout: Layout,
  encoding: TextEncoding,
): Promise<readonly string[]> {
  if (layout.kind === 'lines') return [TEXT_ALONE]
  if (layout.kind === 'label at end') return ['sentence', 'label']
  if (layout.kind !== 'table') return []
  for await (const [first] of readRecords(decodeText(pieces, encoding, PREVIEW_BYTES), layout))
    if (first) return distinctNames(first.cells.map((name) => (layout.hasHeader ? name : '')))
  throw new FileFailure('no-rows', 'no row was found.')
}
