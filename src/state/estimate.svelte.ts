import { askedOf } from '../domain/asked'
import type { Line } from '../domain/lines'
import { sampledLines } from '../domain/run-work'
import type { EngineOutcome } from '../engine/contract'
import type { EngineClient } from '../engine/engine-client'
import type { RunPlan } from './go'
import { rateKeyOf } from './mode'
import { Pace } from './pace'
import type { Rates } from './rates.svelte'

/** Fewer lines are done before an estimate is read. */
const WORTH_TELLING_LINES = 300
/** Enough for a few batches: done in about a second. */
const MEASURED_LINES = 64

export interface EstimateSurroundings {
  readonly engine: EngineClient
  readonly rates: Rates
  /** Names what the time of the next run depends on; undefined where none can be started now. */
  readonly key: () => string | undefined
  readonly lines: () => readonly Line[]
  readonly plan: () => Promise<EngineOutcome<RunPlan>>
  /** Milliseconds on a clock that only goes forward. */
  readonly now: () => number
}

/** How long the next run will take, told before it starts; always from a measurement on this device. */
export class Estimate {
  readonly #around: EstimateSurroundings
  #abort: AbortController | undefined
  /** Also while one that was stopped is still being answered. */
  #isMeasuring = $state.raw(false)
  /** Keys whose measurement failed, or told nothing: asked again at once, it would bring the engine down again and again. */
  #failed = $state.raw<ReadonlySet<string>>(new Set())

  /** Milliseconds; undefined for a short run, and as long as nothing like it was measured. */
  readonly ms: number | undefined = $derived.by(() => {
    const { key, lines, rates } = this.#around
    const name = key()
    const asked = lines()
    return name === undefined || asked.length < WORTH_TELLING_LINES ? undefined : rates.msFor(name, asked)
  })

  constructor(around: EstimateSurroundings) {
    this.#around = around
  }

  /** Whether a run of this size was never measured under this model and mode, and can be now. */
  get isNeeded(): boolean {
    const { key, lines, rates } = this.#around
    const name = key()
    if (name === undefined || this.#isMeasuring || this.#failed.has(name)) return false
    return lines().length >= WORTH_TELLING_LINES && !rates.isKnown(name)
  }

  /** Classifies some of the lines to see how long they take; the answers are dropped. */
  async measure(): Promise<void> {
    if (!this.isNeeded) return
    const abort = new AbortController()
    this.#abort = abort
    this.#isMeasuring = true
    const sample = sampledLines(this.#around.lines(), MEASURED_LINES)
    const planned = await this.#around.plan()
    if (planned.ok && !abort.signal.aborted) await this.#measure(planned.value, sample, abort.signal)
    this.#isMeasuring = false
  }

  /** Leaves the engine to whoever needs it more. */
  stop(): void {
    this.#abort?.abort()
  }

  /** To be called when a run succeeded: what could not be measured before perhaps can be now. */
  allowAgain(): void {
    if (this.#failed.size > 0) this.#failed = new Set()
  }

  async #measure({ setup, loaded }: RunPlan, sample: readonly Line[], signal: AbortSignal): Promise<void> {
    const { engine, rates, now } = this.#around
    const pace = new Pace(now)
    const outcome = await engine.classify(
      { ...setup, texts: sample.map(askedOf) },
      { signal, isPatient: true, onResults: (results) => pace.note(results.length) },
    )
    if (!outcome.ok && outcome.error.code === 'cancelled') return
    const key = rateKeyOf(loaded, setup.mode)
    const { lines, elapsedMs } = pace.over(sample)
    if (outcome.ok) rates.remember(key, lines, elapsedMs)
    if (!rates.isKnown(key)) this.#failed = new Set([...this.#failed, key])
  }
}
