import type { Layout, Reading } from '../../src/files/contract'
import { decodeText, type TextPiece } from './decode-text'
import type { PieceReader } from './piece-reader'
import type { RowBatch } from './raw-row'
import { readJsonLines, readJsonList, readJsonObject } from './read-json'
import { readLabelledLines, readLines } from './read-lines'
import { readTable } from './read-table'

/** How far a preview reads. */
export interface Enough {
  readonly bytes: number
  readonly rows: number
}

/** All rows of a file in order, or those of its beginning. Throws FileFailure. */
export async function* readRows(
  pieces: PieceReader,
  reading: Reading,
  enough?: Enough,
): AsyncGenerator<RowBatch> {
  const { layout, columns } = reading
  if (layout.kind === 'parquet') {
    const { openParquet, readParquet } = await import('./parquet/read-parquet')
    yield* readParquet(pieces, await openParquet(pieces), columns, enough?.rows)
    return
  }
  const form = layout.kind === 'table' && layout.rowEnd ? 'exact' : 'normal'
  const end = layout.kind === 'json object' ? undefined : enough?.bytes
  const text = decodeText(pieces, reading.encoding ?? 'utf-8', end, form)
  yield* readText(text, layout, columns)
}

function readText(
  text: AsyncIterable<TextPiece>,
  layout: Exclude<Layout, { readonly kind: 'parquet' }>,
  columns: readonly string[],
): AsyncIterable<RowBatch> {
  switch (layout.kind) {
    case 'lines':
      return readLines(text)
    case 'label at end':
      return readLabelledLines(text)
    case 'table':
      return readTable(text, layout, columns)
    case 'json lines':
      return readJsonLines(text, columns)
    case 'json list':
      return readJsonList(text, columns)
    case 'json object':
      return readJsonObject(text, columns)
  }
}
