/** Finds the rows whose text or pair holds what is looked for, a piece at a time: texts may be long, and there may be many. */
import type { Line } from './lines'

export class RowSearch {
  readonly #lines: readonly Line[]
  readonly #wanted: string
  readonly #found: number[] = []
  #looked = 0

  /** `query` is looked for without its outer spaces, in any case. */
  constructor(lines: readonly Line[], query: string) {
    this.#lines = lines
    this.#wanted = query.trim().toLowerCase()
  }

  /** Rows looked at so far: the first ones. */
  get looked() {
    return this.#looked
  }

  /** Looks at rows before `end` as long as `mayGoOn`, which is asked now and then. */
  look(end: number, mayGoOn: () => boolean): void {
    while (this.#looked < end) {
      const { text = '', pair = '' } = this.#lines[this.#looked] ?? {}
      if (`${text}\n${pair}`.toLowerCase().includes(this.#wanted)) this.#found.push(this.#looked)
      this.#looked += 1
      if (this.#looked % LOOKS_PER_QUESTION === 0 && !mayGoOn()) return
    }
  }

  /** Those of the positions, in any order, whose rows were found. */
  among(positions: readonly number[]): readonly number[] {
    const found = new Uint8Array(this.#looked)
    for (const row of this.#found) found[row] = 1
    return positions.filter((row) => found[row] === 1)
  }
}

const LOOKS_PER_QUESTION = 64
