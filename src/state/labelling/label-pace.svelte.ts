/** A longer break between two labels is no work. */
const BREAK_MS = 60_000
/** So many labels back the pace is measured. */
const REMEMBERED = 30

/** How fast labels come, without breaks. */
export class LabelPace {
  readonly #clock: () => number
  #times = $state.raw<readonly number[]>([])

  /** @param clock milliseconds */
  constructor(clock: () => number) {
    this.#clock = clock
  }

  /** Labels per minute; undefined before there are a few. */
  readonly perMinute: number | undefined = $derived.by(() => {
    const gaps = this.#times
      .slice(1)
      .map((time, place) => time - (this.#times[place] ?? time))
      .filter((gap) => gap < BREAK_MS)
    const worked = gaps.reduce((sum, gap) => sum + gap, 0)
    return gaps.length >= 3 && worked > 0 ? (gaps.length * 60_000) / worked : undefined
  })

  note(): void {
    this.#times = [...this.#times.slice(-REMEMBERED), this.#clock()]
  }
}
