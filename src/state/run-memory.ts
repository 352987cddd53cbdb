import {
  linesEntry,
  NO_RUN,
  PAGE_ROWS,
  pagesOf,
  RESULTS_KEY,
  scoresEntry,
  type ResultsHead,
  type RunState,
  type StoredRun,
} from '../storage/results-record'
import type { Stored, Workspace } from '../storage/workspace'
import type { RunResults } from './run-results'

/** A run that goes on is not stored so often in a row at most, after it was refused again and again. */
const SKIPPED_AT_MOST = 63

/** Stores the shown results, only the pages that changed since they were last stored. */
export class RunMemory {
  readonly #workspace: Workspace
  /** What is stored: a write that is refused changes none of it. */
  #runId: string | undefined
  #rows = 0
  #newest: { readonly run: RunResults; readonly state: RunState } | undefined
  #keeping: Promise<void> | undefined
  /** The run whose last write was refused: the next ones while it runs are skipped, twice as many each time. */
  #refused: { readonly runId: string; readonly skipped: number; left: number } | undefined

  /** Of a run that makes no sense nothing is left; one that the browser would not read is left alone. */
  constructor(workspace: Workspace, { value, isRefused }: Stored<StoredRun>) {
    this.#workspace = workspace
    this.#runId = value?.head.runId
    this.#rows = value?.head.rows ?? 0
    if (!value && !isRefused) void workspace.write(NO_RUN)
  }

  /** Resolves once no run is on its way to storage. */
  get settled(): Promise<void> {
    return this.#keeping ?? Promise.resolve()
  }

  /** Nothing of the run is stored yet, and nothing of it was refused. */
  awaits({ runId }: RunResults): boolean {
    return runId !== this.#runId && runId !== this.#refused?.runId
  }

  /** Resolves once the run, or a newer state of it given meanwhile, is stored or refused. */
  keep(run: RunResults, state: RunState): Promise<void> {
    if (state === 'running' && this.#skips(run)) return Promise.resolve()
    this.#newest = { run, state }
    this.#keeping ??= this.#keepNewest()
    return this.#keeping
  }

  #skips({ runId }: RunResults): boolean {
    const refused = this.#refused
    if (refused?.runId !== runId || refused.left === 0) return false
    refused.left -= 1
    return true
  }

  async #keepNewest(): Promise<void> {
    while (this.#newest) {
      const { run, state } = this.#newest
      this.#newest = undefined
      await this.#store(run, state)
    }
    this.#keeping = undefined
  }

  async #store({ runId, setup, summary, parts, lines, table, count }: RunResults, state: RunState) {
    const total = lines.length
    const head: ResultsHead = { version: 2, runId, setup, summary, parts, state, rows: count, total }
    const isNew = runId !== this.#runId
    const entries = new Map<string, unknown>(isNew ? Object.entries(NO_RUN) : [])
    const put = ([key, record]: readonly [string, unknown]): unknown => entries.set(key, record)
    put([RESULTS_KEY, head])
    if (isNew) for (let page = 0; page < pagesOf(total); page += 1) put(linesEntry(runId, lines, page))
    const first = isNew ? 0 : Math.floor(this.#rows / PAGE_ROWS)
    for (let page = first; page < pagesOf(count); page += 1) put(scoresEntry(runId, table, count, page))
    if (await this.#workspace.write(Object.fromEntries(entries))) {
      this.#runId = runId
      this.#rows = count
      this.#refused = undefined
    } else {
      const before = this.#refused?.runId === runId ? this.#refused.skipped : 0
      const skipped = Math.min(SKIPPED_AT_MOST, before * 2 + 1)
      this.#refused = { runId, skipped, left: skipped }
    }
  }
}
