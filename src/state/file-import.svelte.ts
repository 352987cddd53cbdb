import type { LabelSet } from '../domain/label'
import type { Line } from '../domain/lines'
import type {
  Choice,
  FileError,
  FilePreview,
  FileProgress,
  FileRow,
  ReadingOverrides,
} from '../files/contract'
import type { FilesClient } from '../files/files-client'
import type { FileSource } from '../storage/file-record'

interface OpenFile {
  readonly kind: 'open'
  readonly file: File
  readonly preview: FilePreview
  readonly choice: Choice
}

export type ImportStatus =
  | { readonly kind: 'none' }
  | { readonly kind: 'opening'; readonly file: File; readonly progress: FileProgress | undefined }
  | OpenFile
  | {
      readonly kind: 'reading'
      readonly file: File
      readonly rows: number
      readonly progress: FileProgress | undefined
    }
  | { readonly kind: 'refused'; readonly file: File; readonly error: FileError }

/** Columns that were picked by hand; a pair that is undefined was taken away by hand. */
interface PickedColumns {
  readonly textColumn?: string
  readonly pairColumn?: string | undefined
}

export interface ImportSurroundings {
  readonly files: FilesClient
  /** The labels that gold labels are mapped to. */
  readonly labels: () => Promise<LabelSet>
  readonly take: (source: FileSource) => void
}

/** A file on its way in: opened, looked at and changed by the user, read. */
export class FileImport {
  readonly #around: ImportSurroundings
  #status = $state.raw<ImportStatus>({ kind: 'none' })
  #overrides: ReadingOverrides = {}
  #picked: PickedColumns = {}
  #abort = new AbortController()
  /** Whether the rows that are being read, or were last, were handed on. */
  #using: Promise<boolean> = Promise.resolve(true)

  constructor(around: ImportSurroundings) {
    this.#around = around
  }

  get status() {
    return this.#status
  }

  /** Opens a file as it seems to be meant, in place of one that was there before. */
  open(file: File): Promise<void> {
    this.#overrides = {}
    this.#picked = {}
    return this.#open(file)
  }

  /** Opens the same file again, read otherwise. */
  async reopen(overrides: ReadingOverrides): Promise<void> {
    if (this.#status.kind === 'none') return
    this.#overrides = { ...this.#overrides, ...overrides }
    await this.#open(this.#status.file)
  }

  choose(change: Partial<Choice>): void {
    if (this.#status.kind !== 'open') return
    this.#status = { ...this.#status, choice: { ...this.#status.choice, ...change } }
  }

  /** Reads the text from another column; a pair that was there gives way. */
  chooseText(textColumn: string): void {
    if (this.#status.kind !== 'open') return
    const { pairColumn } = this.#status.choice
    if (pairColumn === textColumn) this.choosePair(undefined)
    this.choose({ textColumn })
    this.#picked = { ...this.#picked, textColumn }
  }

  /** Reads a second text beside the first from this column, or none. */
  choosePair(pairColumn: string | undefined): void {
    if (this.#status.kind !== 'open') return
    this.#status = { ...this.#status, choice: withPair(this.#status.choice, pairColumn) }
    this.#picked = { ...this.#picked, pairColumn }
  }

  /**
   * Reads all rows and hands them on as what is to be classified, or waits until that is done. Answers whether no file
   * stands in the way any more: none was there, or its rows were handed on.
   */
  use(): Promise<boolean> {
    const status = this.#status
    if (status.kind === 'open') this.#using = this.#use(status)
    return status.kind === 'open' || status.kind === 'reading'
      ? this.#using
      : Promise.resolve(status.kind === 'none')
  }

  async #use({ file, preview, choice }: OpenFile): Promise<boolean> {
    const signal = this.#begin()
    this.#status = { kind: 'reading', file, rows: 0, progress: undefined }
    const lines: Line[] = []
    const { reading, dataset } = preview
    const outcome = await this.#around.files.read(
      file,
      { reading, choice },
      {
        signal,
        onRows: (rows, progress) => {
          for (const row of rows) lines.push(lineOf(row))
          if (!signal.aborted) this.#status = { kind: 'reading', file, rows: lines.length, progress }
        },
      },
    )
    if (signal.aborted) return false
    if (!outcome.ok) {
      this.#refuse(file, outcome.error)
      return false
    }
    this.dismiss()
    const { skipped, unreadableRows } = outcome.value
    const source = { name: file.name, lines, skipped: skipped.count, unreadableRows }
    // Other columns than the set is known by are something else.
    const isDataset = dataset !== undefined && choice.textColumn === preview.choice.textColumn
    this.#around.take(isDataset ? { ...source, dataset } : source)
    return true
  }

  /** Stops what is under way and forgets the file; the worker goes too, it is needed rarely. */
  dismiss(): void {
    this.#abort.abort()
    this.#status = { kind: 'none' }
    this.#around.files.close()
  }

  /** What the preview proposes, but the columns picked by hand as long as the file has them. */
  #choiceOf({ choice, reading }: FilePreview): Choice {
    const has = (name: string | undefined): name is string => reading.columns.includes(name ?? '')
    const { textColumn } = this.#picked
    const chosen = has(textColumn) ? { ...choice, textColumn } : choice
    const pairColumn = 'pairColumn' in this.#picked ? this.#picked.pairColumn : chosen.pairColumn
    return withPair(chosen, has(pairColumn) && pairColumn !== chosen.textColumn ? pairColumn : undefined)
  }

  #begin(): AbortSignal {
    this.#abort.abort()
    this.#abort = new AbortController()
    return this.#abort.signal
  }

  #refuse(file: File, error: FileError): void {
    this.#status = { kind: 'refused', file, error }
  }

  async #open(file: File): Promise<void> {
    const signal = this.#begin()
    this.#status = { kind: 'opening', file, progress: undefined }
    const isOver = () => signal.aborted
    const labels = await this.#around.labels()
    if (isOver()) return
    const outcome = await this.#around.files.open(
      file,
      { labels, overrides: this.#overrides },
      {
        signal,
        onProgress: (progress) => {
          if (!isOver()) this.#status = { kind: 'opening', file, progress }
        },
      },
    )
    if (isOver()) return
    if (!outcome.ok) this.#refuse(file, outcome.error)
    else this.#status = { kind: 'open', file, preview: outcome.value, choice: this.#choiceOf(outcome.value) }
  }
}

const withPair = (
  { textColumn, labelColumn, labelRule }: Choice,
  pairColumn: string | undefined,
): Choice => ({
  textColumn,
  ...(pairColumn !== undefined && { pairColumn }),
  ...(labelColumn !== undefined && { labelColumn }),
  ...(labelRule && { labelRule }),
})

const lineOf = ({ row, text, pair, labelId, other }: FileRow): Line => ({
  line: row,
  text,
  ...(pair !== undefined && { pair }),
  ...(labelId !== undefined && { goldId: labelId }),
  other,
})
