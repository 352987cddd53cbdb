import type { Line } from '../domain/lines'
import { RowSearch } from '../domain/row-search'
import { turn, type Turns } from './turns'

export interface Found {
  readonly positions: readonly number[]
  /** All rows have been looked at. */
  readonly isWhole: boolean
}

/** The search in the results: rows that come are looked at as they come, many rows in turns. */
export class SearchInTurns {
  readonly #turns: Turns
  #query = $state.raw('')
  /** Counts turns, so that whoever shows what was found so far asks again. */
  #turn = $state.raw(0)
  #search: RowSearch | undefined
  #lines: readonly Line[] | undefined
  #isTurnComing = false

  constructor(turns: Turns) {
    this.#turns = turns
  }

  get query() {
    return this.#query
  }

  ask(query: string): void {
    this.#query = query
    this.#search = undefined
  }

  /** Those of the positions whose rows are known to hold the query, among the first `count` lines. */
  among(positions: readonly number[], lines: readonly Line[], count: number): Found {
    if (this.#query.trim() === '') return { positions, isWhole: true }
    if (this.#search === undefined || this.#lines !== lines) this.#search = new RowSearch(lines, this.#query)
    this.#lines = lines
    this.#search.look(count, turn(this.#turns))
    const isWhole = this.#search.looked >= count
    if (!isWhole) this.#goOnAfter(this.#turn)
    return { positions: this.#search.among(positions), isWhole }
  }

  #goOnAfter(turn: number): void {
    if (this.#isTurnComing) return
    this.#isTurnComing = true
    void this.#turns.next().then(() => {
      this.#isTurnComing = false
      this.#turn = turn + 1
    })
  }
}
