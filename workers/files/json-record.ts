/** Records of JSON as rows of text. */
import { FileFailure, type Place } from './file-failure'
import { MAX_DEPTH, MAX_RECORD_CHARACTERS } from './limits'
import type { RawProblem, RawRow } from './raw-row'

/** The column of texts that stand in a list by themselves. */
export const TEXT_ALONE = 'text'

/** The quote that ends the string which begins at `start`, or the end of the text. */
function endOfString(json: string, start: number): number {
  for (let at = json.indexOf('"', start + 1); at >= 0; at = json.indexOf('"', at + 1)) {
    let escapes = 0
    while (json[at - 1 - escapes] === '\\') escapes += 1
    if (escapes % 2 === 0) return at
  }
  return json.length
}

/** Where brackets outside strings nest deeper than is read, or -1. */
export function tooDeepAt(json: string): number {
  let depth = 0
  for (let at = 0; at < json.length; at += 1) {
    const sign = json[at]
    if (sign === '"') at = endOfString(json, at)
    else if (sign === '{' || sign === '[') {
      depth += 1
      if (depth > MAX_DEPTH) return at
    } else if (sign === '}' || sign === ']') depth -= 1
  }
  return -1
}

/** A value as a cell: strings as they are, nothing for null, times as ISO 8601, anything nested as JSON. */
export function cellOf(value: unknown): string {
  if (typeof value === 'string') return value
  if (typeof value === 'number' || typeof value === 'bigint' || typeof value === 'boolean')
    return String(value)
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? '' : value.toISOString()
  if (ArrayBuffer.isView(value)) return `${value.byteLength} bytes`
  return value === null || value === undefined
    ? ''
    : JSON.stringify(value, (_, inner: unknown) => plain(inner))
}

/** JSON has no big integers: those that a number holds exactly are numbers, the others their digits. */
function plain(value: unknown): unknown {
  if (typeof value !== 'bigint') return value
  const number = Number(value)
  return Number.isSafeInteger(number) ? number : String(value)
}

/** Place at which the JavaScript engine's message says that JSON is broken, as far as it says so. */
export function errorPlace(error: unknown, json: string): Place {
  const message = error instanceof Error ? error.message : ''
  const position = /position (\d+)/.exec(message)?.[1]
  if (position !== undefined) return placeOf(json, Number(position))
  const [, line, column] = /line (\d+) column (\d+)/.exec(message) ?? []
  return line === undefined ? {} : { line: Number(line), column: Number(column) }
}

/** Line and character of the line at a position, from 1. */
export function placeOf(text: string, position: number): Required<Place> {
  const before = text.slice(0, position)
  const lineStart = before.lastIndexOf('\n') + 1
  return { line: before.split('\n').length, column: position - lineStart + 1 }
}

/** Puts a record's fields where the columns are. Throws FileFailure `record-too-long`: no guess has to look at such cells. */
export function rowOfFields(
  row: number,
  fields: Iterable<readonly [string, unknown]>,
  places: ReadonlyMap<string, number>,
): RawRow {
  const cells = new Array<string>(places.size).fill('')
  const extra: [string, string][] = []
  for (const [name, value] of fields) {
    const place = places.get(name)
    if (place === undefined) extra.push([name, cellOf(value)])
    else cells[place] = cellOf(value)
  }
  const characters = [...cells, ...extra.map(([, cell]) => cell)].reduce((sum, cell) => sum + cell.length, 0)
  if (characters > 2 * MAX_RECORD_CHARACTERS)
    throw new FileFailure('record-too-long', `record ${row} is longer than any text to classify.`)
  return extra.length === 0 ? { row, cells } : { row, cells, extra: Object.fromEntries(extra) }
}

/** One record's JSON as a row, or why it is none. */
export function rowOfJson(
  row: number,
  json: string,
  places: ReadonlyMap<string, number>,
): RawRow | RawProblem {
  if (tooDeepAt(json) >= 0)
    return { code: 'too-deep', row, sentence: `the record nests more than ${MAX_DEPTH} levels deep.` }
  let value: unknown
  try {
    value = JSON.parse(json)
  } catch (error) {
    const { column } = errorPlace(error, json)
    const problem = { code: 'invalid-json', row, sentence: 'this is not valid JSON.' } as const
    return column === undefined ? problem : { ...problem, column }
  }
  return rowOfValue(row, value, places)
}

/** A value among others in a list as a row, or why it is none. */
export function rowOfValue(
  row: number,
  value: unknown,
  places: ReadonlyMap<string, number>,
): RawRow | RawProblem {
  if (typeof value === 'string') return rowOfFields(row, [[TEXT_ALONE, value]], places)
  if (typeof value === 'object' && value !== null && !Array.isArray(value))
    return rowOfFields(row, Object.entries(value), places)
  return { code: 'not-a-record', row, sentence: 'this is neither an object with fields nor a text.' }
}

export const isProblem = (row: RawRow | RawProblem): row is RawProblem => 'code' in row
export const isRow = (row: RawRow | RawProblem): row is RawRow => !isProblem(row)
