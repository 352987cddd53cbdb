import type { Line } from '../domain/lines'
import { failure } from '../domain/outcome'
import type { EngineOutcome, ModelSummary, ScoredText } from '../engine/contract'
import type { EngineClient } from '../engine/engine-client'
import type { RunState } from '../storage/results-record'
import { Go, type GoStart, type RunPlan } from './go'
import type { Paced } from './pace'
import type { RunMemory } from './run-memory'
import type { RunResults, RunStatus } from './run-results'

/** How often a run in progress is stored, in milliseconds: a crash loses no more than this. */
const KEEP_EVERY_MS = 2000

/** Counting, filtering and listing rows takes the longer the more there are: so long does a run of so many rest in between. */
const REST_MS_PER_ROW = 1 / 400

/** Lines that were classified in one go, and how long that took. */
export type MeasuredGo = RunPlan & Paced

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

/** One classification at a time; results stay until the next run has its first. */
export class Run {
  readonly #around: RunSurroundings
  #status = $state.raw<RunStatus>({ kind: 'idle' })
  #shown = $state.raw<RunResults>()
  /** The run that the status tells of. */
  #runId = $state.raw<string>()
  #hasBegun = false
  /** Number of the newest request: answers to older ones are dropped. */
  #request = 0
  #abort: AbortController | undefined
  /** The newest run until it has ended. */
  #going: Promise<void> = Promise.resolve()
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
  get runId() {
    return this.#runId
  }
  /** Something was asked in this visit. */
  get hasBegun() {
    return this.#hasBegun
  }
  get isRunning() {
    return this.#status.kind === 'running'
  }
  /** The results shown are those of the run that the status tells of, not of one before it. */
  get isOfShown() {
    return this.#shown !== undefined && this.#shown.runId === this.#runId
  }
  /** Results are shown of a run that nothing is stored of yet: were the page to end now, nothing would tell of it. */
  get isUnstored() {
    const isAsked = this.isRunning || this.#status.kind === 'done'
    return isAsked && this.#shown !== undefined && this.isOfShown && this.#around.memory.awaits(this.#shown)
  }
  /** Lines of the results shown that were not classified. */
  get left() {
    return this.#shown ? this.#shown.lines.length - this.#shown.count : 0
  }
  /** A run can be held once it has results: before, there is nothing to go on from. */
  get canPause() {
    return this.isRunning && this.isOfShown
  }

  /** Classifies `lines` from the first on; `prepare` loads what the run needs, `onFirst` is that of {@link GoStart}. */
  start(
    lines: readonly Line[],
    prepare: () => Promise<EngineOutcome<RunPlan>>,
    onFirst?: GoStart['onFirst'],
  ): Promise<void> {
    const runId = this.#around.newId()
    return this.#begin({ runId, lines, kept: undefined, ...(onFirst && { onFirst }) }, prepare)
  }

  /** Classifies the lines that a paused, stopped, failed or lost run left over, under the same set-up. */
  async proceed(load: (model: string) => Promise<EngineOutcome<ModelSummary>>): Promise<void> {
    const kept = this.#shown
    if (!kept || this.isRunning) return
    const { runId, lines, setup } = kept
    await this.#begin({ runId, lines, kept }, async () => {
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

  /** Resolves once the results so far are stored, or refused; those of a run that is over were stored when it ended. */
  stored(): Promise<void> {
    const { memory } = this.#around
    return this.#shown && this.canPause ? memory.keep(this.#shown, 'running') : memory.settled
  }

  /** Ends the run, running or held; what is there stays. */
  stop(): void {
    this.#asked = 'stopped'
    this.#abort?.abort()
    if (this.#status.kind !== 'paused') return
    this.#status = { kind: 'stopped' }
    if (this.#shown) void this.#around.memory.keep(this.#shown, 'stopped')
  }

  /** Holds a run that is under way, or ends one without results; resolves once what there is of it is stored. */
  async leave(): Promise<void> {
    if (this.canPause) this.pause()
    else if (this.isRunning) this.stop()
    await this.#going
    await this.#around.memory.settled
  }

  #begin(start: GoStart, prepare: () => Promise<EngineOutcome<RunPlan>>): Promise<void> {
    const going = this.#run(start, prepare)
    this.#going = going
    return going
  }

  async #run(start: GoStart, prepare: () => Promise<EngineOutcome<RunPlan>>): Promise<void> {
    this.#abort?.abort()
    const request = ++this.#request
    const abort = new AbortController()
    this.#abort = abort
    this.#runId = start.runId
    this.#hasBegun = true
    const done = start.kept?.count ?? 0
    const unknown = { perSecond: undefined, remainingMs: undefined }
    this.#status = { kind: 'running', done, total: start.lines.length, ...unknown }
    const prepared = await Promise.race([prepare(), stopping(abort.signal)])
    if (request !== this.#request) return
    if (!prepared.ok) this.#end(prepared)
    else await this.#classify(start, prepared.value, abort.signal, () => request === this.#request)
  }

  async #classify(
    start: GoStart,
    plan: RunPlan,
    signal: AbortSignal,
    isNewest: () => boolean,
  ): Promise<void> {
    const { now, onFrame, memory, engine, onMeasured } = this.#around
    const go = new Go(start, plan, now)
    let keptAt = now()
    let shownAt = -Infinity
    const showInTime = (): void => {
      if (isNewest() && now() - shownAt < go.count * REST_MS_PER_ROW) onFrame(showInTime)
      else show()
    }
    const show = (): void => {
      const results = isNewest() ? go.withArrived() : undefined
      if (!results) return
      if (this.#shown?.runId !== results.runId) start.onFirst?.(results.runId, plan)
      this.#shown = results
      shownAt = now()
      if (this.isRunning) this.#status = go.progress
      if (now() - keptAt < KEEP_EVERY_MS) return
      keptAt = now()
      void memory.keep(results, 'running')
    }
    const onResults = (results: readonly ScoredText[]): void => {
      if (isNewest() && go.take(results)) onFrame(showInTime)
    }
    const outcome = await engine.classify({ ...plan.setup, texts: go.texts }, { signal, onResults })
    if (!isNewest()) return
    show()
    if (!outcome.ok && outcome.error.code === 'backend-lost') {
      await this.#goOn(start, plan)
      return
    }
    onMeasured({ ...plan, ...go.paced })
    if (outcome.ok && this.isOfShown) this.#shown = go.ended(outcome.value)
    this.#end(outcome)
    if (this.#shown && this.isOfShown) void memory.keep(this.#shown, stateOf(this.#status))
  }

  /** Goes on behind the last result on the backend that is left. */
  async #goOn(start: GoStart, { setup, reload }: RunPlan): Promise<void> {
    const kept = this.isOfShown ? this.#shown : start.kept
    await this.#run({ ...start, kept }, async () => {
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

/** How a run is stored that ended so: one that broke off, for whatever reason, is found interrupted by the next visit. */
const stateOf = ({ kind }: RunStatus): RunState =>
  kind === 'done' || kind === 'paused' || kind === 'stopped' ? kind : 'running'

/** Answers `cancelled` once the signal is aborted: a run that waits for its model ends at once, the load goes on. */
const stopping = (signal: AbortSignal): Promise<EngineOutcome<never>> =>
  new Promise((resolve) => {
    const cancel = () => resolve(failure({ code: 'cancelled', message: 'Stopped.' }))
    signal.addEventListener('abort', cancel, { once: true })
  })
