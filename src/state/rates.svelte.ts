import type { Line } from '../domain/lines'
import { workOf } from '../domain/run-work'
import { RATES_KEY, type RatesRecord } from '../storage/rates-record'
import type { Workspace } from '../storage/workspace'

/** Fewer lines tell nothing of the rate of many: the first batches are small. */
const LINES_AT_LEAST = 32
/** A measurement over so many lines is worth more than one over fewer. */
const LINES_ENOUGH = 200

/** How fast this device classifies, measured in its runs and kept for the next visit. */
export class Rates {
  readonly #workspace: Workspace
  #record = $state.raw<RatesRecord>({ version: 1, rates: {} })

  constructor(workspace: Workspace, saved?: RatesRecord) {
    this.#workspace = workspace
    if (saved) this.#record = saved
  }

  /** How long lines will take, in milliseconds; undefined before anything like it was measured. */
  msFor(key: string, lines: readonly Line[]): number | undefined {
    const rate = this.#record.rates[key]
    return rate && rate.msPerWork * workOf(lines)
  }

  isKnown(key: string): boolean {
    return this.#record.rates[key] !== undefined
  }

  /** Remembers how long lines took, unless they are too few to tell or fewer than were measured before. */
  remember(key: string, lines: readonly Line[], elapsedMs: number): void {
    const known = this.#record.rates[key]
    const needed = known ? Math.min(known.lines, LINES_ENOUGH) : LINES_AT_LEAST
    if (lines.length < needed || elapsedMs <= 0) return
    const rate = { lines: lines.length, msPerWork: elapsedMs / workOf(lines) }
    this.#record = { version: 1, rates: { ...this.#record.rates, [key]: rate } }
    void this.#workspace.write({ [RATES_KEY]: this.#record })
  }
}
