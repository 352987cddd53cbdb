import type * as CsvExport from '../domain/export-csv'
import { jsonlRow } from '../domain/export-jsonl'
import { exportColumns, FileColumns } from '../domain/export-row'
import { resultRow, type ResultRow } from '../domain/results'
import type { ResultsView } from './results-view.svelte'
import type { RunResults } from './run-results'
import type { Run } from './run.svelte'
import type { Settings } from './settings.svelte'
import { inTurns, type Turns } from './turns'

/** `columns` are label, probability, text and pair, if any, for pasting into a spreadsheet. */
export type ExportKind = 'csv' | 'jsonl' | 'columns'

const TYPES: Readonly<Record<ExportKind, string>> = {
  csv: 'text/csv;charset=utf-8',
  jsonl: 'application/x-ndjson;charset=utf-8',
  columns: 'text/plain',
}

/** Excel takes a file without a byte order mark for another encoding than UTF-8. */
const BYTE_ORDER_MARK = '\uFEFF'

/** So many characters are handed to the browser at a time. */
const PIECE_CHARACTERS = 65_536

/** With the library that writes CSV, which nobody needs before there are results. */
export const loadCsvExport = (): Promise<typeof CsvExport> => import('../domain/export-csv')

/** Makes files of the rows as they are shown at that moment, in turns; a run may go on meanwhile. */
export class Exports {
  readonly #run: Run
  readonly #view: ResultsView
  readonly #settings: Settings
  readonly #turns: Turns
  /** The share done of the file under way, 0 to 1. */
  #share = $state.raw<number>()
  #making: Promise<Blob | undefined> | undefined

  constructor(run: Run, view: ResultsView, settings: Settings, turns: Turns) {
    this.#run = run
    this.#view = view
    this.#settings = settings
    this.#turns = turns
  }

  get share() {
    return this.#share
  }

  /** The rows shown as a file, after one that is under way; undefined while there are no results. */
  async make(kind: ExportKind): Promise<Blob | undefined> {
    while (this.#making) await this.#making.catch(() => undefined)
    this.#making = this.#make(kind)
    try {
      return await this.#making
    } finally {
      this.#making = undefined
    }
  }

  async #make(kind: ExportKind): Promise<Blob | undefined> {
    if (!this.#run.shown) return undefined
    const pieces: Blob[] = []
    let text = ''
    this.#share = 0
    const collect = function* (written: Generator<string>): Generator {
      for (const some of written) {
        text += some
        if (text.length >= PIECE_CHARACTERS) {
          pieces.push(new Blob([text]))
          text = ''
        }
        yield
      }
    }
    try {
      const csv = loadCsvExport()
      // Until then the rows shown are not all that hold what is searched for.
      while (this.#view.isSearching) await this.#turns.next()
      const [shown, positions] = [this.#run.shown, this.#view.positions]
      await inTurns(collect(this.#written(kind, shown, positions, await csv)), this.#turns)
    } finally {
      this.#share = undefined
    }
    return new Blob([...pieces, text], { type: TYPES[kind] })
  }

  *#written(
    kind: ExportKind,
    shown: RunResults,
    positions: readonly number[],
    { csvHead, csvRow, spreadsheetSafe }: typeof CsvExport,
  ): Generator<string> {
    const { threshold, csvForm: form } = this.#settings
    const { lines, table, setup, summary, parts } = shown
    const { labels } = setup.task
    const file = new FileColumns()
    for (const position of positions) {
      file.note(lines[position] ?? {})
      yield ''
    }
    const columns = exportColumns(labels, { ...summary, parts }, file)
    const isSafe = form === 'spreadsheet-safe'
    if (kind === 'csv') yield (isSafe ? BYTE_ORDER_MARK : '') + csvHead(columns, form)
    const write: Readonly<Record<ExportKind, (row: ResultRow) => string>> = {
      csv: (row) => csvRow(row, columns, form),
      jsonl: (row) => jsonlRow(row, columns),
      columns: (row) => {
        const texts = file.hasPair ? [row.text, row.pair ?? ''] : [row.text]
        const cells = texts.map((text) => text.replace(/[\t\r\n]+/g, ' '))
        const safe = isSafe ? cells.map(spreadsheetSafe) : cells
        return `${[row.labelId, row.probability.toFixed(4), ...safe].join('\t')}\n`
      },
    }
    for (const [place, position] of positions.entries()) {
      yield write[kind](resultRow(lines, labels, table.at(position), threshold))
      if (place % 1000 === 0) this.#share = place / positions.length
    }
  }
}
