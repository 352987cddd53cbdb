/** Records of JSON as rows of text. */
import { MAX_DEPTH } from './limits'
import type { RawProblem, RawRow } from './raw-row'

/** The column of texts that stand in a list by themselves. */
export const TEXT_ALONE = 'text'

/** Deepest nesting of brackets outside strings. */
function depthOf(json: string): number {
  let depth = 0
  let deepest = 0
  let isString = false
  for (let at = 0; at < json.length; at += 1) {
    const sign = json[at]
    if (isString) {
      if (sign === '\\') at += 1
      else if (sign === '"') isString = false
    } else if (sign === '"') isString = true
    else if (sign === '{' || sign === '[') deepest = Math.max(deepest, (depth += 1))
    else if (sign === '}' || sign === ']') depth -= 1
  }
  return deepest
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

/** Character of the text at which the engine's message says the error is, from 1. */
function errorColumn(message: string): number | undefined {
  const position = /position (\d+)/.exec(message)?.[1]
  const column = /column (\d+)/.exec(message)?.[1]
  if (position !== undefined) return Number(position) + 1
  return column === undefined ? undefined : Number(column)
}

/** Puts a record's fields where the columns are. */
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
  return extra.length === 0 ? { row, cells } : { row, cells, extra: Object.fromEntries(extra) }
}

/** One record's JSON as a row, or why it is none. */
export function rowOfJson(
  row: number,
  json: string,
  places: ReadonlyMap<string, number>,
): RawRow | RawProblem {
  if (depthOf(json) > MAX_DEPTH)
    return { code: 'too-deep', row, sentence: `the record nests more than ${MAX_DEPTH} levels deep.` }
  let value: unknown
  try {
    value = JSON.parse(json)
  } catch (error) {
    const said = error instanceof Error ? error.message : ''
    const column = errorColumn(said)
    const problem = { code: 'invalid-json', row, sentence: 'this is not valid JSON.' } as const
    return column === undefined ? problem : { ...problem, column }
  }
  if (typeof value === 'string') return rowOfFields(row, [[TEXT_ALONE, value]], places)
  if (typeof value === 'object' && value !== null && !Array.isArray(value))
    return rowOfFields(row, Object.entries(value), places)
  return { code: 'not-a-record', row, sentence: 'this is neither an object with fields nor a text.' }
}

export const isProblem = (row: RawRow | RawProblem): row is RawProblem => 'code' in row
export const isRow = (row: RawRow | RawProblem): row is RawRow => !isProblem(row)
