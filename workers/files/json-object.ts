/** Rows that JSON holds inside one object: as columns by name, or as a list under a name. */
import { TEXT_COLUMNS, foldName } from '../../src/domain/columns'

type Fields = Readonly<Record<string, unknown>>

/** Names under which lists of records are published, the most telling first. */
const LIST_NAMES = ['data', 'records', 'rows', 'examples', 'items', 'results']

export const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const isList = (value: unknown): value is readonly unknown[] => Array.isArray(value)
const isText = (name: string): boolean => TEXT_COLUMNS.includes(foldName(name))

const everyEntry = <T>(fields: Fields, is: (value: unknown) => value is T): fields is Record<string, T> =>
  Object.values(fields).length > 0 && Object.values(fields).every(is)

/** As pandas writes a table with `orient="split"`: names of columns beside rows of cells. */
function splitTable({ columns, data }: Fields): readonly Fields[] | undefined {
  if (!isList(columns) || !isList(data) || !data.every(isList)) return undefined
  return data.map((cells) => Object.fromEntries(columns.map((name, place) => [String(name), cells[place]])))
}

/** Lists of one length under the names of columns. */
function listColumns(fields: Fields): readonly Fields[] | undefined {
  if (!everyEntry(fields, isList)) return undefined
  const columns = Object.entries(fields)
  const [length = 0, ...others] = new Set(columns.map(([, cells]) => cells.length))
  if (others.length > 0 || columns.some(([, cells]) => cells.some(isFields))) return undefined
  return Array.from({ length }, (_, row) =>
    Object.fromEntries(columns.map(([name, cells]) => [name, cells[row]])),
  )
}

/** Objects of one set of keys: columns of cells by row as pandas writes them, or records by their ids. */
function nestedTable(fields: Fields): readonly Fields[] | undefined {
  if (!everyEntry(fields, isFields)) return undefined
  const entries = Object.entries(fields)
  const keys = Object.keys(entries[0]?.[1] ?? {})
  const isEven = entries.every(([, inner]) => {
    const names = Object.keys(inner)
    return names.length === keys.length && names.every((name) => Object.hasOwn(entries[0]?.[1] ?? {}, name))
  })
  if (keys.length === 0 || !isEven) return undefined
  const areRecords =
    keys.some(isText) || !(entries.some(([name]) => isText(name)) || keys.every((key) => /^\d+$/.test(key)))
  return areRecords
    ? entries.map(([, record]) => record)
    : keys.map((key) => Object.fromEntries(entries.map(([name, cells]) => [name, cells[key]])))
}

const isOfRows = (value: unknown): value is readonly unknown[] =>
  isList(value) && value.length > 0 && value.every((item) => isFields(item) || typeof item === 'string')

/** A list of records or texts under a name of its own, with whatever else beside it. */
function namedList(fields: Fields): readonly unknown[] | undefined {
  const name = LIST_NAMES.find((each) => isOfRows(fields[each]))
  if (name !== undefined) return isOfRows(fields[name]) ? fields[name] : undefined
  const lists = Object.values(fields)
    .filter(isOfRows)
    .filter((list) => list.every(isFields))
  return lists.length === 1 ? lists[0] : undefined
}

/** The rows in an object, each an object of cells or a text; undefined where it holds none, or is a record itself. */
export function rowsInObject(fields: Fields): readonly unknown[] | undefined {
  const isRecord = Object.entries(fields).some(([name, value]) => typeof value === 'string' && isText(name))
  if (isRecord) return undefined
  return splitTable(fields) ?? listColumns(fields) ?? nestedTable(fields) ?? namedList(fields)
}

/** Why an object holds no rows, as a sentence. */
export function whyNoRows(fields: Fields): string {
  const lists = Object.entries(fields).filter(([, value]) => isList(value))
  const [first, second] = [
    lists[0],
    lists.find(([, value]) => isList(value) && value.length !== lengthOf(lists[0])),
  ]
  if (first && second && lists.length === Object.keys(fields).length)
    return `the columns "${first[0]}" and "${second[0]}" have ${lengthOf(first)} and ${lengthOf(second)} entries; all should have as many.`
  return 'the JSON should be a list of records, an object of columns, or an object with a list of records under "data".'
}

const lengthOf = (entry: readonly [string, unknown] | undefined): number =>
  isList(entry?.[1]) ? entry[1].length : 0
