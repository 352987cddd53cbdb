import { overlapKey } from '../../domain/evaluation/overlap'
import type { Line } from '../../domain/lines'
import type { Demonstration } from '../../domain/task'
import { inTurns, type Turns } from '../turns'

/** What makes figures look better or worse than they are, as counts of texts. */
export interface Repeats {
  /** Texts that are there once more, but for links and punctuation. */
  readonly duplicates: number
  /** Texts that are among the demonstrations. */
  readonly shown: number
}

/** Looks for texts that repeat each other or the demonstrations, in turns: there may be many. */
export class Cautions {
  readonly #turns: Turns
  #repeats = $state.raw<Repeats>()
  /** Number of the newest look: an older one stops. */
  #look = 0

  constructor(turns: Turns) {
    this.#turns = turns
  }

  /** Undefined before it is known. */
  get repeats() {
    return this.#repeats
  }

  /** Resolves once it is known, or something else is looked at. */
  async look(lines: readonly Line[], pool: readonly Demonstration[]): Promise<void> {
    const look = ++this.#look
    this.#repeats = undefined
    const shownKeys = new Set(pool.map(({ text }) => overlapKey(text)))
    const seen = new Set<string>()
    let [duplicates, shown] = [0, 0]
    const count = function* () {
      for (const { text, pair } of lines) {
        const key = overlapKey(text, pair)
        if (seen.has(key)) duplicates += 1
        if (shownKeys.has(key)) shown += 1
        seen.add(key)
        yield
      }
    }
    const isDone = await inTurns(count(), this.#turns, () => look === this.#look)
    if (isDone) this.#repeats = { duplicates, shown }
  }
}
