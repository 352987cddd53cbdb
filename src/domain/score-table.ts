/** The scores of a run in columns: a hundred thousand rows are counted, filtered and sorted without an object for each. */
import { topIndex } from './margin'

/** What the engine says about a text; arrays in label order. */
export interface Scored {
  /** Position among the lines asked. */
  readonly index: number
  readonly probabilities: readonly number[]
  readonly scores: readonly number[]
  readonly inputTokens: number
  readonly isCut: boolean
  readonly isUnreadable: boolean
  readonly demonstrationsUsed: number
  readonly milliseconds: number
}

/** Rows in a row, column by column; `probabilities` and `scores` are [rows × labels]. */
export interface ScoreColumns {
  readonly probabilities: Float64Array
  readonly scores: Float64Array
  readonly inputTokens: Uint32Array
  /** Bit 0: cut; bit 1: unreadable. */
  readonly flags: Uint8Array
  readonly demonstrationsUsed: Uint16Array
  readonly milliseconds: Float64Array
}

export const CUT = 1
export const UNREADABLE = 2

/** Scores of the first of a run's lines; rows are only ever added, and never change. */
export class ScoreTable {
  readonly labels: number
  readonly #columns: ScoreColumns
  /** Place of each row's most probable label, and its probability. */
  readonly #winners: Uint16Array
  readonly #tops: Float64Array
  #count = 0
  #fewestDemonstrations = Infinity

  /** Room for `capacity` rows of `labels` labels each. */
  constructor(capacity: number, labels: number) {
    this.labels = labels
    this.#columns = {
      probabilities: new Float64Array(capacity * labels),
      scores: new Float64Array(capacity * labels),
      inputTokens: new Uint32Array(capacity),
      flags: new Uint8Array(capacity),
      demonstrationsUsed: new Uint16Array(capacity),
      milliseconds: new Float64Array(capacity),
    }
    this.#winners = new Uint16Array(capacity)
    this.#tops = new Float64Array(capacity)
  }

  get count() {
    return this.#count
  }
  /** The fewest demonstrations that any row had room for; Infinity while there are no rows. */
  get fewestDemonstrations() {
    return this.#fewestDemonstrations
  }
  /** Columns over all rows there is room for; those from {@link count} on hold nothing yet. */
  get winners(): Uint16Array {
    return this.#winners
  }
  get tops(): Float64Array {
    return this.#tops
  }
  get flags(): Uint8Array {
    return this.#columns.flags
  }
  get inputTokens(): Uint32Array {
    return this.#columns.inputTokens
  }
  get milliseconds(): Float64Array {
    return this.#columns.milliseconds
  }

  /** Adds the row after the last. Throws a RangeError for one that does not follow, or has other labels. */
  add(row: Scored): void {
    const at = this.#count
    if (row.index !== at || at >= this.#tops.length)
      throw new RangeError(`Result ${row.index} does not follow ${at} of ${this.#tops.length} rows.`)
    if (row.probabilities.length !== this.labels || row.scores.length !== this.labels)
      throw new RangeError(`Result ${row.index} does not have scores of ${this.labels} labels.`)
    const { probabilities, scores, inputTokens, flags, demonstrationsUsed, milliseconds } = this.#columns
    probabilities.set(row.probabilities, at * this.labels)
    scores.set(row.scores, at * this.labels)
    inputTokens[at] = row.inputTokens
    flags[at] = (row.isCut ? CUT : 0) | (row.isUnreadable ? UNREADABLE : 0)
    demonstrationsUsed[at] = row.demonstrationsUsed
    milliseconds[at] = row.milliseconds
    const top = topIndex(row.probabilities)
    this.#winners[at] = top
    this.#tops[at] = row.probabilities[top] ?? 0
    this.#fewestDemonstrations = Math.min(this.#fewestDemonstrations, row.demonstrationsUsed)
    this.#count += 1
  }

  /** One row. Throws a RangeError where there is none. */
  at(index: number): Scored {
    if (!(index >= 0 && index < this.#count)) throw new RangeError(`There is no row ${index}.`)
    return rowOf(this.#columns, this.labels, index, index)
  }

  /** A copy of the rows from `start` on and before `end`. */
  columns(start: number, end: number): ScoreColumns {
    const to = Math.min(end, this.#count)
    const { probabilities, scores, inputTokens, flags, demonstrationsUsed, milliseconds } = this.#columns
    return {
      probabilities: probabilities.slice(start * this.labels, to * this.labels),
      scores: scores.slice(start * this.labels, to * this.labels),
      inputTokens: inputTokens.slice(start, to),
      flags: flags.slice(start, to),
      demonstrationsUsed: demonstrationsUsed.slice(start, to),
      milliseconds: milliseconds.slice(start, to),
    }
  }

  /** Adds all rows of some columns. Throws a RangeError when they are not of equal length, or more than there is room for. */
  addColumns(columns: ScoreColumns): void {
    const rows = columns.flags.length
    const { probabilities, scores, inputTokens, demonstrationsUsed, milliseconds } = columns
    const isWhole =
      [probabilities, scores].every(({ length }) => length === rows * this.labels) &&
      [inputTokens, demonstrationsUsed, milliseconds].every(({ length }) => length === rows)
    if (!isWhole) throw new RangeError(`The columns are not ${rows} rows of ${this.labels} labels.`)
    for (let row = 0; row < rows; row += 1) this.add(rowOf(columns, this.labels, row, this.#count))
  }
}

/** The row at a place of some columns, under an index of its own. */
function rowOf(columns: ScoreColumns, labels: number, place: number, index: number): Scored {
  const flags = columns.flags[place] ?? 0
  return {
    index,
    probabilities: [...columns.probabilities.subarray(place * labels, (place + 1) * labels)],
    scores: [...columns.scores.subarray(place * labels, (place + 1) * labels)],
    inputTokens: columns.inputTokens[place] ?? 0,
    isCut: (flags & CUT) !== 0,
    isUnreadable: (flags & UNREADABLE) !== 0,
    demonstrationsUsed: columns.demonstrationsUsed[place] ?? 0,
    milliseconds: columns.milliseconds[place] ?? 0,
  }
}
