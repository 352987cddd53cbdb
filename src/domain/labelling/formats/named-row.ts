import { cellOf, type Fields } from './json-records'

/** A row of a table, whatever the table was written in. */
export interface NamedRow {
  readonly line: number
  readonly names: readonly string[]
  /** Empty where the row has no such column. */
  readonly cell: (name: string) => string
  /** Where a column stands, from 1, in tables that have an order. */
  readonly column?: (name: string) => number
}

/** The row of a JSON object: its keys are the columns. */
export const rowOfFields = (fields: Fields, line: number): NamedRow => ({
  line,
  names: Object.keys(fields),
  cell: (name) => (Object.hasOwn(fields, name) ? cellOf(fields[name]) : ''),
})
