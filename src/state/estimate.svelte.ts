import type { Line } from '../domain/lines'
import { sampledLines } from '../domain/run-work'
import type { EngineOutcome } from '../engine/contract'
import type { EngineClient } from '../engine/engine-client'
import type { Rates } from './rates.svelte'
import type { RunPlan } from './run.svelte'

/** Fewer lines are done before an estimate is read. */
const WORTH_TELLING_LINES = 300
/** Enough for a few batches: done in about a second. */
const MEASURED_LINES = 64

export interface EstimateSurroundings {
  readonly engine: EngineClient
  readonly rates: Rates
  /** Names model and mode of the next run; undefined where none can be started now. */
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

  /** Whether a run of this size was never measured under this model and mode. */
  get isNeeded(): boolean {
    const { key, lines, rates } = this.#around
    const name = key()
    return name !== undefined && lines().length >= WORTH_TELLING_LINES && !rates.isKnown(name)
  }

  /** Classifies some of the lines to see how long they take; the answers are dropped. */
  async measure(): Promise<void> {
    const { engine, rates, key, lines, plan, now } = this.#around
    const name = key()
    if (name === undefined || !this.isNeeded || this.#abort) return
    const abort = new AbortController()
    this.#abort = abort
    const sample = sampledLines(lines(), MEASURED_LINES)
    const planned = await plan()
    if (planned.ok && !abort.signal.aborted) {
      const startedAt = now()
      const request = { ...planned.value.setup, texts: sample.map(({ text }) => text) }
      const outcome = await engine.classify(request, { signal: abort.signal })
      if (outcome.ok && key() === name) rates.remember(name, sample, now() - startedAt)
    }
    if (this.#abort === abort) this.#abort = undefined
  }

  /** Leaves the engine to whoever needs it more. */
  stop(): void {
    this.#abort?.abort()
    this.#abort = undefined
  }
}
