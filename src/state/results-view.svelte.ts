import {
  countRows,
  filterRows,
  resultRow,
  sortRows,
  withThreshold,
  type ResultRow,
  type RowCounts,
  type RowFilter,
  type RowOrder,
} from '../domain/results'
import type { LabelSet } from '../domain/label'
import type { Run } from './run.svelte'
import type { RunResults } from './run-results'
import type { Settings } from './settings.svelte'

const NO_ROWS: readonly ResultRow[] = []
const NO_LABELS: LabelSet = []

/** Which results are shown, in which order, and which of them are open. */
export class ResultsView {
  readonly #run: Run
  readonly #settings: Settings
  #order = $state.raw<RowOrder>('input order')
  #filter = $state.raw<RowFilter>({ kind: 'all' })
  #query = $state.raw('')
  /** Positions among the lines asked; rows of an earlier run are closed by `runId`. */
  #open = $state.raw<ReadonlySet<number>>(new Set())
  #openRun = $state.raw<string>()
  #active = $state.raw(-1)
  #made: { runId: string | undefined; rows: readonly ResultRow[] } = { runId: undefined, rows: NO_ROWS }

  readonly labels: LabelSet = $derived.by(() => this.#run.shown?.setup.task.labels ?? NO_LABELS)
  readonly #plainRows: readonly ResultRow[] = $derived.by(() => this.#rowsOf(this.#run.shown))
  readonly all: readonly ResultRow[] = $derived.by(() =>
    withThreshold(this.#plainRows, this.#settings.threshold),
  )
  readonly counts: RowCounts = $derived.by(() => countRows(this.all, this.labels))
  readonly rows: readonly ResultRow[] = $derived.by(() => {
    const wanted = this.#query.trim().toLowerCase()
    const found = filterRows(this.all, this.#filter)
    const matching =
      wanted === ''
        ? found
        : found.filter(({ text, pair = '' }) => `${text}\n${pair}`.toLowerCase().includes(wanted))
    return sortRows(matching, this.#order, this.labels)
  })
  /** Place among `rows` of the row that the keyboard is on; the first row when that one is not shown. */
  readonly activePlace: number = $derived.by(() =>
    Math.max(
      0,
      this.rows.findIndex((row) => row.index === this.#active),
    ),
  )

  constructor(run: Run, settings: Settings) {
    this.#run = run
    this.#settings = settings
  }

  get order() {
    return this.#order
  }
  get filter() {
    return this.#filter
  }
  get query() {
    return this.#query
  }

  sortBy(order: RowOrder): void {
    this.#order = order
  }
  show(filter: RowFilter): void {
    this.#filter = filter
  }
  search(query: string): void {
    this.#query = query
  }
  isOpen(index: number): boolean {
    return this.#openRun === this.#run.shown?.runId && this.#open.has(index)
  }
  toggle(index: number): void {
    const runId = this.#run.shown?.runId
    const open = new Set(this.#openRun === runId ? this.#open : [])
    if (!open.delete(index)) open.add(index)
    this.#open = open
    this.#openRun = runId
  }
  /** Puts the keyboard on the row of this position. */
  activate(index: number): void {
    this.#active = index
  }
  /** Moves the keyboard by `steps` rows and answers the row's place, or -1 when there are no rows. */
  move(steps: number): number {
    const place = Math.min(this.rows.length - 1, Math.max(0, this.activePlace + steps))
    const row = this.rows[place]
    if (row) this.#active = row.index
    return place
  }

  /** Rows made before are made only once: while a run streams, a frame costs its new rows and a copy. */
  #rowsOf(shown: RunResults | undefined): readonly ResultRow[] {
    if (!shown) return NO_ROWS
    const { lines, results, setup, runId } = shown
    const before = this.#made.runId === runId ? this.#made.rows : NO_ROWS
    const fresh = results.slice(before.length).map((scored) => resultRow(lines, setup.task.labels, scored, 0))
    const rows = [...before, ...fresh]
    this.#made = { runId, rows }
    return rows
  }
}
