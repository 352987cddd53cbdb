import {
  linesEntry,
  linesKey,
  PAGE_ROWS,
  pagesOf,
  RESULTS_KEY,
  scoresEntry,
  scoresKey,
  type ResultsHead,
  type RunState,
  type StoredRun,
} from '../storage/results-record'
import type { Workspace } from '../storage/workspace'
import type { RunResults } from './run-results'

/** Stores the shown results, only the pages that changed since they were last stored. */
export class RunMemory {
  readonly #workspace: Workspace
  /** What is stored: a write that is refused changes none of it. */
  #runId: string | undefined
  #rows = 0
  #total = 0
  #newest: { readonly run: RunResults; readonly state: RunState } | undefined
  #keeping: Promise<void> | undefined

  constructor(workspace: Workspace, saved: StoredRun | undefined) {
    this.#workspace = workspace
    this.#runId = saved?.head.runId
    this.#rows = saved?.head.rows ?? 0
    this.#total = saved?.head.total ?? 0
  }

  /** Resolves once the run, or a newer state of it given meanwhile, is stored or refused. */
  keep(run: RunResults, state: RunState): Promise<void> {
    this.#newest = { run, state }
    this.#keeping ??= this.#keepNewest()
    return this.#keeping
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
    const entries = new Map<string, unknown>([[RESULTS_KEY, head]])
    const put = ([key, record]: readonly [string, unknown]): unknown => entries.set(key, record)
    if (isNew) for (let page = 0; page < pagesOf(total); page += 1) put(linesEntry(runId, lines, page))
    const first = isNew ? 0 : Math.floor(this.#rows / PAGE_ROWS)
    for (let page = first; page < pagesOf(count); page += 1) put(scoresEntry(runId, table, count, page))
    for (let page = pagesOf(total); page < pagesOf(this.#total); page += 1) {
      entries.set(linesKey(page), undefined)
      entries.set(scoresKey(page), undefined)
    }
    if (await this.#workspace.write(Object.fromEntries(entries))) {
      this.#runId = runId
      this.#rows = count
      this.#total = total
    } else {
      // A refusal may be of what was written together with it: then these pages are there.
      this.#total = Math.max(this.#total, total)
    }
  }
}
