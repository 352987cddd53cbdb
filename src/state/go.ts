import { askedOf, type Asked } from '../domain/asked'
import type { Line } from '../domain/lines'
import { weightsHash, withPart } from '../domain/run-parts'
import { ScoreTable } from '../domain/score-table'
import type { EngineOutcome, ModelSummary, ScoredText } from '../engine/contract'
import type { RunSetup } from '../storage/results-record'
import { Pace, type Paced } from './pace'
import { provisionalSummary, type RunResults, type RunStatus } from './run-results'

export interface RunPlan {
  readonly setup: RunSetup
  readonly loaded: ModelSummary
  /** Loads the model again, for another backend where that of `loaded` was lost. */
  readonly reload: () => Promise<EngineOutcome<ModelSummary>>
}

/** What a go begins with: all lines, and what there is of earlier goes over the same lines. */
export interface GoStart {
  readonly runId: string
  readonly lines: readonly Line[]
  readonly kept: RunResults | undefined
  /** Is told before the first results of the run are shown: what stood there before them is about to go. */
  readonly onFirst?: (runId: string, plan: RunPlan) => void
}

/** One go of a run over the lines that earlier goes left over: gathers results and says what there is of them. */
export class Go {
  readonly #start: GoStart
  readonly #plan: RunPlan
  readonly #now: () => number
  readonly #startedAt: number
  readonly #pace: Pace
  readonly #table: ScoreTable
  /** Lines that earlier goes did. */
  readonly #first: number
  #arrived: ScoredText[] = []

  /** `now` tells milliseconds on a clock that only goes forward. */
  constructor(start: GoStart, plan: RunPlan, now: () => number) {
    this.#start = start
    this.#plan = plan
    this.#now = now
    this.#startedAt = now()
    this.#pace = new Pace(now)
    this.#first = start.kept?.count ?? 0
    this.#table = start.kept?.table ?? new ScoreTable(start.lines.length, plan.setup.task.labels.length)
  }

  /** Rows that are there, without those that wait to be shown. */
  get count() {
    return this.#table.count
  }

  /** What the engine is to be asked. */
  get texts(): readonly Asked[] {
    return this.#start.lines.slice(this.#first).map(askedOf)
  }

  /** Takes results in, to be shown later; answers whether they are the first that wait. */
  take(results: readonly ScoredText[]): boolean {
    this.#pace.note(results.length)
    const isFirst = this.#arrived.length === 0
    this.#arrived.push(...results)
    return isFirst
  }

  /** The results with those that waited, or undefined when none did. */
  withArrived(): RunResults | undefined {
    if (this.#arrived.length === 0) return undefined
    for (const result of this.#arrived) this.#table.add({ ...result, index: result.index + this.#first })
    this.#arrived = []
    return this.#results(this.#now() - this.#startedAt, this.#plan.loaded.batching)
  }

  /** The results once the engine has said how it made them. */
  ended({ elapsedMs, batching }: { readonly elapsedMs: number; readonly batching: string }): RunResults {
    return this.#results(elapsedMs, batching)
  }

  get progress(): RunStatus {
    const total = this.#start.lines.length
    const done = this.#table.count
    const elapsedMs = this.#now() - this.#startedAt
    const perSecond = elapsedMs > 0 ? ((done - this.#first) * 1000) / elapsedMs : undefined
    const remainingMs = perSecond ? ((total - done) * 1000) / perSecond : undefined
    return { kind: 'running', done, total, perSecond, remainingMs }
  }

  get paced(): Paced {
    return this.#pace.over(this.#start.lines.slice(this.#first))
  }

  #results(ms: number, batching: string): RunResults {
    const { runId, lines, kept } = this.#start
    const { setup, loaded } = this.#plan
    const count = this.#table.count
    const parts = withPart(kept?.parts ?? [], {
      rows: count - this.#first,
      batching,
      threads: loaded.threads,
      backend: loaded.backend,
      ...(loaded.device !== undefined && { device: loaded.device }),
      ...(loaded.fallback !== undefined && { fallback: loaded.fallback }),
      numberFormat: loaded.numberFormat,
      weightsSha256: weightsHash(
        loaded.weightsSha256,
        setup.mode.kind === 'fine-tuned' ? setup.mode.adapter : undefined,
      ),
    })
    const elapsedMs = (kept?.summary.elapsedMs ?? 0) + ms
    const summary = provisionalSummary(setup, loaded, parts, count, elapsedMs)
    return { runId, setup, lines, table: this.#table, count, parts, summary }
  }
}
