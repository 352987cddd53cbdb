import type { LabelSet } from '../domain/label'
import { resultRow, type ResultRow } from '../domain/results'
import { countRows, filterRows, type RowCounts, type RowFilter } from '../domain/row-filter'
import { sortRows, type RowOrder } from '../domain/row-order'
import { ScoreTable } from '../domain/score-table'
import type { Run } from './run.svelte'
import { SearchInTurns, type Found } from './search-in-turns.svelte'
import type { Settings } from './settings.svelte'
import type { Turns } from './turns'

const NO_LABELS: LabelSet = []
const NO_SCORES = new ScoreTable(0, 0)

/** While a run goes on its rows are sorted anew so often: in every frame they would not stay where one reads them. */
const SORT_EVERY_MS = 1000

interface Sorted {
  readonly key: string
  readonly atMs: number
  readonly positions: readonly number[]
}

/**
 * Which results are shown, in which order, and which of them are open. Rows are positions among the lines asked, and
 * become objects where they are looked at: a frame of a run over 100,000 lines costs a pass over columns of numbers.
 */
export class ResultsView {
  readonly #run: Run
  readonly #settings: Settings
  readonly #turns: Turns
  readonly #search: SearchInTurns
  #order = $state.raw<RowOrder>('input order')
  #filter = $state.raw<RowFilter>({ kind: 'all' })
  /** Positions among the lines asked; rows of an earlier run are closed by `runId`. */
  #open = $state.raw<ReadonlySet<number>>(new Set())
  #openRun = $state.raw<string>()
  #active = $state.raw(-1)
  #sorted: Sorted | undefined

  readonly #runId = $derived.by(() => this.#run.shown?.runId)
  readonly #table = $derived.by(() => this.#run.shown?.table ?? NO_SCORES)
  readonly #lines = $derived.by(() => this.#run.shown?.lines ?? [])
  readonly #count = $derived.by(() => this.#run.shown?.count ?? 0)
  readonly labels: LabelSet = $derived.by(() => this.#run.shown?.setup.task.labels ?? NO_LABELS)

  readonly counts: RowCounts = $derived.by(() =>
    countRows(this.#table, this.#count, this.labels, this.#settings.threshold),
  )
  readonly #found: Found = $derived.by(() => {
    const passed = filterRows(this.#table, this.#count, this.#filter, this.labels, this.#settings.threshold)
    return this.#search.among(passed, this.#lines, this.#count)
  })
  /** Positions of the rows shown, in the order in which they are shown. */
  readonly positions: readonly number[] = $derived.by(() => this.#inOrder(this.#found))
  /** Place among `positions` of the row that the keyboard is on; the first row when that one is not shown. */
  readonly activePlace: number = $derived.by(() => Math.max(0, this.positions.indexOf(this.#active)))

  constructor(run: Run, settings: Settings, turns: Turns) {
    this.#run = run
    this.#settings = settings
    this.#turns = turns
    this.#search = new SearchInTurns(turns)
  }

  get order() {
    return this.#order
  }
  get filter() {
    return this.#filter
  }
  get query() {
    return this.#search.query
  }
  /** Not all rows have been looked at for the query. */
  get isSearching() {
    return !this.#found.isWhole
  }

  /** The row at a position among the lines asked. */
  row(position: number): ResultRow {
    return resultRow(this.#lines, this.labels, this.#table.at(position), this.#settings.threshold)
  }

  sortBy(order: RowOrder): void {
    this.#order = order
  }
  show(filter: RowFilter): void {
    this.#filter = filter
  }
  search(query: string): void {
    this.#search.ask(query)
  }
  isOpen(index: number): boolean {
    return this.#openRun === this.#runId && this.#open.has(index)
  }
  toggle(index: number): void {
    const open = new Set(this.#openRun === this.#runId ? this.#open : [])
    if (!open.delete(index)) open.add(index)
    this.#open = open
    this.#openRun = this.#runId
  }
  /** Puts the keyboard on the row of this position. */
  activate(index: number): void {
    this.#active = index
  }
  /** Moves the keyboard by `steps` rows and answers the row's place, or -1 when there are no rows. */
  move(steps: number): number {
    const place = Math.min(this.positions.length - 1, Math.max(0, this.activePlace + steps))
    this.#active = this.positions[place] ?? this.#active
    return place
  }

  #inOrder({ positions, isWhole }: Found): readonly number[] {
    if (this.#order === 'input order') return positions
    const { threshold } = this.#settings
    const key = JSON.stringify([this.#runId, this.#order, this.#filter, this.query, threshold])
    const atMs = this.#turns.now()
    const before = this.#sorted
    const isFresh = before?.key === key && atMs - before.atMs < SORT_EVERY_MS
    if (isFresh && isWhole && this.#run.isRunning) return before.positions
    const sorted = sortRows(this.#table, positions, this.#order)
    this.#sorted = { key, atMs, positions: sorted }
    return sorted
  }
}
