import { askedOf } from '../domain/asked'
import type { Line } from '../domain/lines'
import { failure } from '../domain/outcome'
import { withPart } from '../domain/run-parts'
import { ScoreTable } from '../domain/score-table'
import type { EngineOutcome, ModelSummary, ScoredText } from '../engine/contract'
import type { EngineClient } from '../engine/engine-client'
import type { RunSetup, RunState } from '../storage/results-record'
import type { RunMemory } from './run-memory'
import { provisionalSummary, type RunResults, type RunStatus } from './run-results'

/** How often a run in progress is stored, in milliseconds: a crash loses no more than this. */
const KEEP_EVERY_MS = 2000

export interface RunPlan {
  readonly setup: RunSetup
  readonly loaded: ModelSummary
  /** Loads the model again, for another backend where that of `loaded` was lost. */
  readonly reload: () => Promise<EngineOutcome<ModelSummary>>
}

/** Lines that were classified in one go, and how long that took. */
export interface MeasuredGo {
  readonly setup: RunSetup
  readonly lines: readonly Line[]
  readonly elapsedMs: number
}

export interface RunSurroundings {
  readonly engine: EngineClient
  readonly memory: RunMemory
  /** Milliseconds on a clock that only goes forward. */
  readonly now: () => number
  /** Calls back before the next paint, or soon in a hidden page. */
  readonly onFrame: (callback: () => void) => void
  readonly newId: () => string
  readonly onMeasured: (go: MeasuredGo) => void
}

/** What a go begins with: all lines, and what there is of earlier goes over the same lines. */
interface Go {
  readonly runId: string
  readonly lines: readonly Line[]
  readonly kept: RunResults | undefined
}

/** One classification at a time; results stay until the next run has its first. */
export class Run {
  readonly #around: RunSurroundings
  #status = $state.raw<RunStatus>({ kind: 'idle' })
  #shown = $state.raw<RunResults>()
  /** The run that the status tells of. */
  #runId = $state.raw<string>()
  /** Number of the newest request: answers to older ones are dropped. */
  #request = 0
  #abort: AbortController | undefined
  /** What an end that was asked for leaves behind. */
  #asked: 'paused' | 'stopped' = 'stopped'

  constructor(around: RunSurroundings, saved?: { readonly shown: RunResults; readonly status: RunStatus }) {
    this.#around = around
    if (!saved) return
    this.#shown = saved.shown
    this.#runId = saved.shown.runId
    this.#status = saved.status
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
  /** The results shown are those of the run that the status tells of, not of one before it. */
  get isOfShown() {
    return this.#shown !== undefined && this.#shown.runId === this.#runId
  }
  /** A run can be held once it has results: before, there is nothing to go on from. */
  get canPause() {
    return this.isRunning && this.isOfShown
  }

  /** Classifies `lines` from the first on; `prepare` loads what the run needs. */
  start(lines: readonly Line[], prepare: () => Promise<EngineOutcome<RunPlan>>): Promise<void> {
    return this.#run({ runId: this.#around.newId(), lines, kept: undefined }, prepare)
  }

  /** Classifies the lines that a paused, stopped, failed or lost run left over, under the same set-up. */
  async proceed(load: (model: string) => Promise<EngineOutcome<ModelSummary>>): Promise<void> {
    const kept = this.#shown
    if (!kept || this.isRunning) return
    const { runId, lines, setup } = kept
    await this.#run({ runId, lines, kept }, async () => {
      const loaded = await load(setup.model)
      const reload = () => load(setup.model)
      return loaded.ok ? { ok: true, value: { setup, loaded: loaded.value, reload } } : loaded
    })
  }

  /** Holds the run so that it can go on from the next line. */
  pause(): void {
    if (!this.canPause) return
    this.#asked = 'paused'
    this.#abort?.abort()
  }

  /** Ends the run, running or held; what is there stays. */
  stop(): void {
    this.#asked = 'stopped'
    this.#abort?.abort()
    if (this.#status.kind !== 'paused') return
    this.#status = { kind: 'stopped' }
    if (this.#shown) void this.#around.memory.keep(this.#shown, 'stopped')
  }

  async #run(go: Go, prepare: () => Promise<EngineOutcome<RunPlan>>): Promise<void> {
    this.#abort?.abort()
    const request = ++this.#request
    const abort = new AbortController()
    this.#abort = abort
    this.#runId = go.runId
    const done = go.kept?.count ?? 0
    const unknown = { perSecond: undefined, remainingMs: undefined }
    this.#status = { kind: 'running', done, total: go.lines.length, ...unknown }
    const prepared = await Promise.race([prepare(), stopping(abort.signal)])
    if (request !== this.#request) return
    if (!prepared.ok) this.#end(prepared)
    else await this.#classify(go, prepared.value, abort.signal, () => request === this.#request)
  }

  async #classify(
    { runId, lines, kept }: Go,
    { setup, loaded, reload }: RunPlan,
    signal: AbortSignal,
    isNewest: () => boolean,
  ): Promise<void> {
    const { now, onFrame, memory, engine, onMeasured } = this.#around
    const startedAt = now()
    const first = kept?.count ?? 0
    const table = kept?.table ?? new ScoreTable(lines.length, setup.task.labels.length)
    let arrived: ScoredText[] = []
    let keptAt = startedAt

    /** What there is after so long a time, under a batching rule. */
    const resultsAfter = (ms: number, batching: string): RunResults => {
      const count = table.count
      const { threads, backend, numberFormat } = loaded
      const part = { rows: count - first, batching, threads, backend, numberFormat }
      const parts = withPart(kept?.parts ?? [], part)
      const elapsedMs = (kept?.summary.elapsedMs ?? 0) + ms
      return {
        ...{ runId, setup, lines, table, count, parts },
        summary: provisionalSummary(setup, loaded, parts, count, elapsedMs),
      }
    }
    const show = (): void => {
      if (!isNewest() || arrived.length === 0) return
      for (const result of arrived) table.add({ ...result, index: result.index + first })
      arrived = []
      const elapsedMs = now() - startedAt
      this.#shown = resultsAfter(elapsedMs, loaded.batching)
      if (this.isRunning) this.#status = progressOf(table.count, lines.length, table.count - first, elapsedMs)
      if (now() - keptAt >= KEEP_EVERY_MS) {
        keptAt = now()
        void memory.keep(this.#shown, 'running')
      }
    }

    const outcome = await engine.classify(
      { ...setup, texts: lines.slice(first).map(askedOf) },
      {
        signal,
        onResults: (batch) => {
          if (!isNewest()) return
          if (arrived.length === 0) onFrame(show)
          arrived.push(...batch)
        },
      },
    )
    if (!isNewest()) return
    show()
    if (!outcome.ok && outcome.error.code === 'backend-lost') {
      await this.#goOn({ runId, lines, kept }, { setup, reload })
      return
    }
    onMeasured({ setup, lines: lines.slice(first, table.count), elapsedMs: now() - startedAt })
    if (outcome.ok && this.isOfShown)
      this.#shown = resultsAfter(outcome.value.elapsedMs, outcome.value.batching)
    this.#end(outcome)
    if (this.#shown && this.isOfShown) void memory.keep(this.#shown, stateOf(this.#status))
  }

  /** Goes on behind the last result on the backend that is left. */
  async #goOn({ runId, lines, kept }: Go, { setup, reload }: Omit<RunPlan, 'loaded'>): Promise<void> {
    const done = this.isOfShown ? this.#shown : kept
    await this.#run({ runId, lines, kept: done }, async () => {
      const loaded = await reload()
      return loaded.ok ? { ok: true, value: { setup, reload, loaded: loaded.value } } : loaded
    })
  }

  #end(outcome: EngineOutcome<unknown>): void {
    if (outcome.ok) this.#status = { kind: 'done' }
    else if (outcome.error.code === 'cancelled') this.#status = { kind: this.#asked }
    else if (outcome.error.code === 'worker-lost')
      this.#status = { kind: 'lost', reason: outcome.error.message }
    else this.#status = { kind: 'failed', error: outcome.error }
  }
}

/** How a run is stored that ended so: one that broke off is found interrupted by the next visit. */
const stateOf = ({ kind }: RunStatus): RunState =>
  kind === 'done' || kind === 'paused' || kind === 'stopped' ? kind : 'running'

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
