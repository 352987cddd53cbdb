/** JSON that comes as a record per line or as one list of records, read so that a broken record costs only itself. */
import { BrokenRow, type Import } from './import'

export type Fields = Readonly<Record<string, unknown>>

export const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

export const isList = (value: unknown): value is readonly unknown[] => Array.isArray(value)

interface JsonPiece {
  readonly line: number
  /** Undefined where it is not valid. */
  readonly value: unknown
}

function* linePieces(text: string): Generator<JsonPiece> {
  let line = 1
  for (let start = 0; start < text.length; line += 1) {
    const found = text.indexOf('\n', start)
    const end = found < 0 ? text.length : found
    const json = text.slice(start, end)
    if (json.trim() !== '') yield { line, value: parseJson(json) }
    start = end + 1
  }
}

const SPECIAL = /["\\[\]{},\n]/g

/** Where the record that begins at `start` ends, or undefined where it does not. */
function endOfRecord(text: string, start: number): number | undefined {
  let depth = 0
  let isString = false
  SPECIAL.lastIndex = start
  for (let found = SPECIAL.exec(text); found; found = SPECIAL.exec(text)) {
    const [sign] = found
    if (isString) {
      if (sign === '\\') SPECIAL.lastIndex += 1
      else if (sign === '"') isString = false
      // JSON has no line break inside a string: this one was never closed.
      else if (sign === '\n') return undefined
    } else if (sign === '"') isString = true
    else if (sign === '{' || sign === '[') depth += 1
    else if (sign === '}' || sign === ']') {
      depth -= 1
      if (depth <= 0) return depth === 0 ? found.index + 1 : found.index
    } else if (sign === ',' && depth === 0) return found.index
  }
  return depth === 0 ? text.length : undefined
}

/** Records that are never closed cost a pass over the rest of the file each. */
const MAX_OPEN_RECORDS = 20

/** The records of a list, whose opening bracket lies before `from`. */
function* listPieces(text: string, from: number): Generator<JsonPiece> {
  let line = 1
  let counted = 0
  let open = 0
  const lineOf = (position: number): number => {
    for (let at = text.indexOf('\n', counted); at >= 0 && at < position; at = text.indexOf('\n', at + 1)) {
      line += 1
      counted = at + 1
    }
    return line
  }
  const skip = /[\s,]*/y
  for (let at = from; at < text.length;) {
    skip.lastIndex = at
    skip.exec(text)
    at = skip.lastIndex
    if (at >= text.length || text[at] === ']') return
    const end = endOfRecord(text, at)
    const value = end === undefined ? undefined : parseJson(text.slice(at, end))
    yield { line: lineOf(at), value }
    if (end !== undefined && value !== undefined) {
      at = end
      continue
    }
    // The next record begins on a line of its own, as far in as this one.
    const indent = text.slice(text.lastIndexOf('\n', at) + 1, at)
    const next = /^[\s,]*$/.test(indent) ? text.indexOf(`\n${indent}{`, at + 1) : -1
    if (end === undefined) open += 1
    if ((next < 0 && end === undefined) || open > MAX_OPEN_RECORDS) return
    at = next < 0 ? Math.max(end ?? 0, at + 1) : next + 1 + indent.length
  }
}

const tidied = (text: string): string => text.replace(/^\uFEFF/, '')

/** The JSON value, or undefined where it is none: `null` is no record either. */
export function parseJson(json: string): unknown {
  try {
    return JSON.parse(json) ?? undefined
  } catch {
    return undefined
  }
}

/**
 * Calls `take` with every object among the records; whatever else there is becomes a trouble of the import. A single
 * object over several lines is one record.
 */
export function readRecords(text: string, into: Import, take: (fields: Fields, line: number) => void): void {
  const content = tidied(text)
  const start = content.search(/\S/)
  const single = content[start] === '{' ? parseJson(content) : undefined
  const pieces = content[start] === '[' ? listPieces(content, start + 1) : linePieces(content)
  if (isFields(single)) return into.row(1, () => take(single, 1))
  for (const { line, value } of pieces)
    into.row(line, () => {
      if (value === undefined)
        throw new BrokenRow('this is not valid JSON; mend the record that begins here or take it out.')
      if (!isFields(value)) throw new BrokenRow('this is no record in braces, { … }; mend it or take it out.')
      take(value, line)
    })
}

/** A value as the text of a cell: strings as they are, nothing for null, JSON for the rest. */
export function cellOf(value: unknown): string {
  if (typeof value === 'string') return value
  return value === undefined || value === null ? '' : JSON.stringify(value)
}

/** A text that has to be there. */
export function textOf(fields: Fields, name: string): string {
  const value = fields[name]
  if (typeof value !== 'string') throw new BrokenRow('a text in quotes should stand here.', name)
  return value
}

/** A text that may be missing. */
export const textIn = (fields: Fields, name: string): string | undefined =>
  fields[name] === undefined || fields[name] === null ? undefined : textOf(fields, name)

/** `true` or `false`; false where it is missing. */
export function flagIn(fields: Fields, name: string): boolean {
  const value = fields[name] ?? false
  if (typeof value !== 'boolean') throw new BrokenRow('true or false should stand here.', name)
  return value
}

/** A list that may be missing. */
export function listIn(fields: Fields, name: string): readonly unknown[] {
  const value = fields[name] ?? []
  if (!isList(value)) throw new BrokenRow('a list in square brackets should stand here.', name)
  return value
}

/** Columns by name; undefined where there are none. */
export function columnsIn(fields: Fields, name: string): Readonly<Record<string, string>> | undefined {
  const value = fields[name]
  if (value === undefined || value === null) return undefined
  if (!isFields(value)) throw new BrokenRow('columns in braces, { … }, should stand here.', name)
  return Object.fromEntries(Object.entries(value).map(([key, cell]) => [key, cellOf(cell)]))
}
