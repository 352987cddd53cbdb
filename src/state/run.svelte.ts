import { askedOf } from '../domain/asked'
import type { Line } from '../domain/lines'
import { failure } from '../domain/outcome'
import type { EngineError, EngineOutcome, ModelSummary, ScoredText } from '../engine/contract'
import type { EngineClient } from '../engine/engine-client'
import type { RunMemory } from './run-memory'
import type { RunSetup } from '../storage/results-record'
import { provisionalSummary, type RunResults, type RunStatus } from './run-results'

/** How often a run in progress is stored, in milliseconds: a crash loses no more than this. */
const KEEP_EVERY_MS = 2000

export interface RunPlan {
  readonly setup: RunSetup
  readonly loaded: ModelSummary
}

export interface RunSurroundings {
  readonly engine: EngineClient
  readonly memory: RunMemory
  /** Milliseconds on a clock that only goes forward. */
  readonly now: () => number
  /** Calls back before the next paint, or soon in a hidden page. */
  readonly onFrame: (callback: () => void) => void
  readonly newId: () => string
}

/** One classification at a time; results stay until the next run has its first. */
export class Run {
  readonly #around: RunSurroundings
  #status = $state.raw<RunStatus>({ kind: 'idle' })
  #shown = $state.raw<RunResults>()
  /** Number of the newest request: answers to older ones are dropped. */
  #request = 0
  #abort: AbortController | undefined

  constructor(around: RunSurroundings, saved?: RunResults) {
    this.#around = around
    this.#shown = saved
    if (saved) this.#status = { kind: saved.results.length < saved.lines.length ? 'stopped' : 'done' }
  }

  get status() {
    return this.#status
  }
  get shown() {
    return this.#shown
  }
  get isRunning() {
    return this.#status.kind === 'running'
  }

  /** Classifies `lines` from the first on; `prepare` loads what the run needs. */
  start(lines: readonly Line[], prepare: () => Promise<EngineOutcome<RunPlan>>): Promise<void> {
    return this.#run(lines, [], 0, this.#around.newId(), prepare)
  }

  /** Classifies the lines that a stopped, failed or lost run left over, under the same set-up. */
  async proceed(load: (model: string) => Promise<EngineOutcome<ModelSummary>>): Promise<void> {
    const kept = this.#shown
    if (!kept || this.isRunning) return
    await this.#run(kept.lines, kept.results, kept.summary.elapsedMs, kept.runId, async () => {
      const loaded = await load(kept.setup.model)
      return loaded.ok ? { ok: true, value: { setup: kept.setup, loaded: loaded.value } } : loaded
    })
  }

  stop(): void {
    this.#abort?.abort()
  }

  async #run(
    lines: readonly Line[],
    kept: readonly ScoredText[],
    keptMs: number,
    runId: string,
    prepare: () => Promise<EngineOutcome<RunPlan>>,
  ): Promise<void> {
    this.#abort?.abort()
    const request = ++this.#request
    const abort = new AbortController()
    this.#abort = abort
    const isNewest = (): boolean => request === this.#request
    this.#status = {
      kind: 'running',
      done: kept.length,
      total: lines.length,
      perSecond: undefined,
      remainingMs: undefined,
    }

    const prepared = await Promise.race([prepare(), stopping(abort.signal)])
    if (!isNewest()) return
    if (!prepared.ok) return this.#end(prepared.error)
    const { setup, loaded } = prepared.value

    const startedAt = this.#around.now()
    let results = kept
    let arrived: ScoredText[] = []
    let keptAt = startedAt
    const show = (): void => {
      if (!isNewest() || arrived.length === 0) return
      const elapsedMs = this.#around.now() - startedAt
      results = [...results, ...arrived]
      arrived = []
      const summary = provisionalSummary(setup, loaded, results.length, keptMs + elapsedMs)
      this.#shown = { runId, setup, lines, results, summary }
      if (this.isRunning)
        this.#status = progressOf(results.length, lines.length, results.length - kept.length, elapsedMs)
      if (this.#around.now() - keptAt >= KEEP_EVERY_MS) {
        keptAt = this.#around.now()
        void this.#around.memory.keep(this.#shown)
      }
    }

    const outcome = await this.#around.engine.classify(
      { ...setup, texts: lines.slice(kept.length).map(askedOf) },
      {
        signal: abort.signal,
        onResults: (batch) => {
          if (!isNewest()) return
          if (arrived.length === 0) this.#around.onFrame(show)
          for (const result of batch) arrived.push({ ...result, index: result.index + kept.length })
        },
      },
    )
    if (!isNewest()) return
    show()
    const shown = this.#shown
    if (shown?.runId === runId) {
      if (outcome.ok) {
        const elapsedMs = keptMs + outcome.value.elapsedMs
        this.#shown = { ...shown, summary: { ...outcome.value, texts: results.length, elapsedMs } }
      }
      void this.#around.memory.keep(this.#shown ?? shown)
    }
    if (outcome.ok) this.#status = { kind: 'done' }
    else this.#end(outcome.error)
  }

  #end(error: EngineError): void {
    if (error.code === 'cancelled') this.#status = { kind: 'stopped' }
    else if (error.code === 'worker-lost') this.#status = { kind: 'lost', reason: error.message }
    else this.#status = { kind: 'failed', error }
  }
}

/** Answers `cancelled` once the signal is aborted: a run that waits for its model ends at once, the load goes on. */
const stopping = (signal: AbortSignal): Promise<EngineOutcome<never>> =>
  new Promise((resolve) => {
    const cancel = () => resolve(failure({ code: 'cancelled', message: 'Stopped.' }))
    signal.addEventListener('abort', cancel, { once: true })
  })

function progressOf(done: number, total: number, doneNow: number, elapsedMs: number): RunStatus {
  const perSecond = elapsedMs > 0 ? (doneNow * 1000) / elapsedMs : undefined
  const remainingMs = perSecond ? ((total - done) * 1000) / perSecond : undefined
  return { kind: 'running', done, total, perSecond, remainingMs }
}
