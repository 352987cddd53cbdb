import { isLargeText, linePieces, splitLines, type Line } from '../domain/lines'
import { inTurns, type Turns } from './turns'

/** The lines of the newest text: split at once where it is short, in turns where it is large. */
export class TextLines {
  readonly #turns: Turns
  #lines = $state.raw<readonly Line[]>([])
  #isReading = $state.raw(false)
  #reading: Promise<void> = Promise.resolve()
  /** Number of the newest text: older ones are not read to their end. */
  #newest = 0

  constructor(turns: Turns) {
    this.#turns = turns
  }

  /** None while a large text is being read. */
  get lines() {
    return this.#lines
  }
  get isReading() {
    return this.#isReading
  }
  /** Resolves once the newest text is read. */
  get settled(): Promise<void> {
    return this.#reading
  }

  read(text: string): void {
    const request = ++this.#newest
    this.#isReading = isLargeText(text)
    this.#lines = this.#isReading ? [] : splitLines(text)
    this.#reading = this.#isReading ? this.#readLarge(text, request) : Promise.resolve()
  }

  async #readLarge(text: string, request: number): Promise<void> {
    const lines: Line[] = []
    const isNewest = (): boolean => request === this.#newest
    if (!(await inTurns(collected(text, lines), this.#turns, isNewest))) return this.#reading
    this.#lines = lines
    this.#isReading = false
  }
}

function* collected(text: string, into: Line[]): Generator {
  for (const piece of linePieces(text)) yield into.push(...piece)
}
