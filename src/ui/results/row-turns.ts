import { nextFrame } from '../../next-frame'

/** A row costs one to two milliseconds to make, lay out and paint; a turn of the wheel brings up to thirty. */
const ROWS_PER_FRAME = 6

/** Lets so many new rows into each frame; the others wait as blank space for one of the next. */
export class RowTurns {
  #taken = 0
  #isCounting = false
  readonly #waiting = new Set<() => void>()

  /** Whether this frame still has room for a row, which then takes it. */
  take(): boolean {
    this.#count()
    if (this.#taken >= ROWS_PER_FRAME) return false
    this.#taken += 1
    return true
  }

  /** Calls back once a frame has room, first come first served; answers how to wait no longer. */
  wait(enter: () => void): () => void {
    this.#waiting.add(enter)
    this.#count()
    return () => this.#waiting.delete(enter)
  }

  #count(): void {
    if (this.#isCounting) return
    this.#isCounting = true
    // Scrolling is told before the calls of its own frame, which would else make twice as many rows as a frame has room for.
    nextFrame(() => nextFrame(() => this.#begin()))
  }

  /** Begins a frame's count, and lets in who waits. */
  #begin(): void {
    this.#taken = 0
    for (const enter of this.#waiting) {
      if (!this.take()) break
      this.#waiting.delete(enter)
      enter()
    }
    this.#isCounting = this.#taken > 0
    if (this.#isCounting) nextFrame(() => this.#begin())
  }
}
