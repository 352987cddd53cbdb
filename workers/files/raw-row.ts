import type { RowProblem } from '../../src/files/contract'

/** A row as the file has it. */
export interface RawRow {
  /** Line on which it begins, or number of the record, from 1. */
  readonly row: number
  /** In the order of {@link Reading.columns}; empty strings where the row has nothing. */
  readonly cells: readonly string[]
  /** Fields that are none of the columns, as records of JSON may have. */
  readonly extra?: Readonly<Record<string, string>>
}

/** Why a row was left out, before the file's name is put to it. */
export type RawProblem = Omit<RowProblem, 'message'> & { readonly sentence: string }

/** What one piece of the file held. */
export interface RowBatch {
  readonly rows: readonly RawRow[]
  readonly problems: readonly RawProblem[]
}
