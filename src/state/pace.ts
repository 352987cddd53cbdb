import type { Line } from '../domain/lines'

/** Lines that were classified, and how long they took. */
export interface Paced {
  readonly lines: readonly Line[]
  readonly elapsedMs: number
}

/**
 * Times a classification from its first results to its last: what comes before them (adapters made ready, demonstrations
 * embedded) is done once, however many lines there are, and would make a short one seem slow.
 */
export class Pace {
  /** Milliseconds on a clock that only goes forward. */
  readonly #now: () => number
  #first: { readonly atMs: number; readonly count: number } | undefined
  #lastMs = 0
  #count = 0

  constructor(now: () => number) {
    this.#now = now
  }

  /** Notes that so many results came, in the order of the lines. */
  note(count: number): void {
    this.#lastMs = this.#now()
    this.#count += count
    this.#first ??= { atMs: this.#lastMs, count }
  }

  /** Those of the lines asked whose results came after the first ones; none before the second results. */
  over(lines: readonly Line[]): Paced {
    const { atMs, count } = this.#first ?? { atMs: this.#lastMs, count: 0 }
    return { lines: lines.slice(count, this.#count), elapsedMs: this.#lastMs - atMs }
  }
}
