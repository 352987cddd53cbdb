import { csvHead, csvRow, spreadsheetSafe } from '../domain/export-csv'
import { jsonlRow } from '../domain/export-jsonl'
import { exportColumns, FileColumns } from '../domain/export-row'
import { resultRow, type ResultRow } from '../domain/results'
import { toldOf } from '../domain/run-parts'
import type { ResultsView } from './results-view.svelte'
import type { RunResults } from './run-results'
import type { Run } from './run.svelte'
import type { Settings } from './settings.svelte'
import { inTurns, type Turns } from './turns'

/** `columns` are label, probability and text, for pasting into a spreadsheet. */
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

/** Makes files of the rows as they are shown at that moment, in turns; a run may go on meanwhile. */
export class Exports {
  readonly #run: Run
  readonly #view: ResultsView
  readonly #settings: Settings
  readonly #turns: Turns
  /** The share done of the file under way, 0 to 1. */
  #share = $state.raw<number>()

  constructor(run: Run, view: ResultsView, settings: Settings, turns: Turns) {
    this.#run = run
    this.#view = view
    this.#settings = settings
    this.#turns = turns
  }

  get share() {
    return this.#share
  }

  /** The rows shown as a file; undefined while there are no results, or another file is under way. */
  async make(kind: ExportKind): Promise<Blob | undefined> {
    const shown = this.#run.shown
    if (!shown || this.#share !== undefined) return undefined
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
      await inTurns(collect(this.#written(kind, shown, this.#view.positions)), this.#turns)
    } finally {
      this.#share = undefined
    }
    return new Blob([...pieces, text], { type: TYPES[kind] })
  }

  *#written(kind: ExportKind, shown: RunResults, positions: readonly number[]): Generator<string> {
    const { threshold, csvForm: form } = this.#settings
    const { lines, table, setup, summary, parts } = shown
    const { labels } = setup.task
    const file = new FileColumns()
    for (const position of positions) {
      file.note(lines[position] ?? {})
      yield ''
    }
    const backend = toldOf(parts, 'backend')
    const numberFormat = toldOf(parts, 'numberFormat')
    const columns = exportColumns(labels, { ...summary, backend, numberFormat }, file)
    const isSafe = form === 'spreadsheet-safe'
    if (kind === 'csv') yield (isSafe ? BYTE_ORDER_MARK : '') + csvHead(columns, form)
    const write: Readonly<Record<ExportKind, (row: ResultRow) => string>> = {
      csv: (row) => csvRow(row, columns, form),
      jsonl: (row) => jsonlRow(row, columns),
      columns: (row) => {
        const text = isSafe ? spreadsheetSafe(row.text) : row.text
        return `${row.labelId}\t${row.probability.toFixed(4)}\t${text.replaceAll('\t', ' ')}\n`
      },
    }
    for (const [place, position] of positions.entries()) {
      yield write[kind](resultRow(lines, labels, table.at(position), threshold))
      if (place % 1000 === 0) this.#share = place / positions.length
    }
  }
}
