import type { TextPiece } from './decode-text'
import { FileFailure } from './file-failure'
import { JsonListSplitter } from './json-list-splitter'
import { isProblem, isRow, rowOfJson } from './json-record'
import { LineSplitter } from './line-splitter'
import type { RawProblem, RawRow, RowBatch } from './raw-row'

const placesOf = (columns: readonly string[]) => new Map(columns.map((name, place) => [name, place]))

function sorted(read: readonly (RawRow | RawProblem)[]): RowBatch {
  return { rows: read.filter(isRow), problems: read.filter(isProblem) }
}

/** A record per line; lines that are none are left out and told of. */
export async function* readJsonLines(
  pieces: AsyncIterable<TextPiece>,
  columns: readonly string[],
): AsyncGenerator<RowBatch> {
  const splitter = new LineSplitter()
  const places = placesOf(columns)
  for await (const { text, isLast } of pieces) {
    const lines = splitter.push(text, isLast).filter((line) => line.text.trim() !== '')
    yield sorted(lines.map((line) => rowOfJson(line.line, line.text, places)))
  }
}

/** A list of records, counted from 1. A record that is not valid JSON ends the reading: what follows is not to be trusted. */
export async function* readJsonList(
  pieces: AsyncIterable<TextPiece>,
  columns: readonly string[],
): AsyncGenerator<RowBatch> {
  const splitter = new JsonListSplitter()
  const places = placesOf(columns)
  let count = 0
  for await (const { text, isLast } of pieces) {
    const read = splitter.push(text, isLast).map(({ json, line, column }) => {
      const row = rowOfJson((count += 1), json, places)
      if (isProblem(row) && row.code === 'invalid-json')
        throw new FileFailure('invalid-json', `record ${count}, which begins here, is not valid JSON.`, {
          line,
          column,
        })
      return row
    })
    yield sorted(read)
  }
}
