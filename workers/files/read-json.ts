import type { TextPiece } from './decode-text'
import { FileFailure } from './file-failure'
import { JsonListSplitter } from './json-list-splitter'
import { isFields, rowsInObject, whyNoRows } from './json-object'
import { errorPlace, isProblem, isRow, placeOf, rowOfJson, rowOfValue, tooDeepAt } from './json-record'
import { MAX_DEPTH, MAX_OBJECT_CHARACTERS, ROWS_PER_PAGE } from './limits'
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

/** Rows inside one object, which has to be read whole: its columns lie one behind the other. */
export async function* readJsonObject(
  pieces: AsyncIterable<TextPiece>,
  columns: readonly string[],
): AsyncGenerator<RowBatch> {
  let json = ''
  for await (const { text } of pieces) {
    json += text
    if (json.length > MAX_OBJECT_CHARACTERS)
      throw new FileFailure(
        'too-large',
        `JSON that is one object is read up to ${MAX_OBJECT_CHARACTERS / 2 ** 20} million characters; write it as a list of records, or as a record per line.`,
      )
  }
  const rows = parseObject(json)
  const places = placesOf(columns)
  for (let start = 0; start < rows.length; start += ROWS_PER_PAGE) {
    const page = rows.slice(start, start + ROWS_PER_PAGE)
    yield sorted(page.map((value, place) => rowOfValue(start + place + 1, value, places)))
  }
}

function parseObject(json: string): readonly unknown[] {
  const deep = tooDeepAt(json)
  if (deep >= 0) {
    const sentence = `JSON that nests more than ${MAX_DEPTH} levels deep is not read.`
    throw new FileFailure('too-deep', sentence, placeOf(json, deep))
  }
  let value: unknown
  try {
    value = JSON.parse(json)
  } catch (error) {
    throw new FileFailure('invalid-json', 'the file is not valid JSON here.', errorPlace(error, json))
  }
  const fields = isFields(value) ? value : {}
  const rows = rowsInObject(fields)
  if (rows) return rows
  throw new FileFailure('not-a-list', whyNoRows(fields), placeOf(json, json.search(/\S/)))
}
