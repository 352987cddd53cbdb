import {
  PAGE_ROWS,
  pageEntry,
  pageKey,
  RESULTS_KEY,
  type ResultsHead,
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
  #pages = 0
  #newest: RunResults | undefined
  #keeping: Promise<void> | undefined

  constructor(workspace: Workspace, saved: StoredRun | undefined) {
    this.#workspace = workspace
    this.#runId = saved?.head.runId
    this.#rows = saved?.results.length ?? 0
    this.#pages = saved === undefined ? 0 : Math.ceil(saved.lines.length / PAGE_ROWS)
  }

  /** Resolves once the run, or a newer one given meanwhile, is stored or refused. */
  keep(run: RunResults): Promise<void> {
    this.#newest = run
    this.#keeping ??= this.#keepNewest()
    return this.#keeping
  }

  async #keepNewest(): Promise<void> {
    while (this.#newest) {
      const run = this.#newest
      this.#newest = undefined
      await this.#store(run)
    }
    this.#keeping = undefined
  }

  async #store(run: RunResults): Promise<void> {
    const { runId, setup, summary, lines, results } = run
    const head: ResultsHead = { version: 1, runId, setup, summary, rows: results.length, total: lines.length }
    const stored: StoredRun = { head, lines, results }
    const isNew = runId !== this.#runId
    const pages = Math.ceil(lines.length / PAGE_ROWS)
    const first = isNew ? 0 : Math.floor(this.#rows / PAGE_ROWS)
    const last = isNew ? pages : Math.min(pages, Math.ceil(results.length / PAGE_ROWS))
    const entries: Record<string, unknown> = { [RESULTS_KEY]: head }
    for (let page = first; page < last; page += 1) {
      const [key, record] = pageEntry(stored, page)
      entries[key] = record
    }
    for (let page = pages; page < this.#pages; page += 1) entries[pageKey(page)] = undefined
    if (await this.#workspace.write(entries)) {
      this.#runId = runId
      this.#rows = results.length
      this.#pages = pages
    } else {
      // A refusal may be of what was written together with it: then these pages are there.
      this.#pages = Math.max(this.#pages, pages)
    }
  }
}
