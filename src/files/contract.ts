/** The one agreement between the page and the files worker: a file goes in, rows of text come out. */
import type { ExchangedLabels } from '../domain/label-balance'
import type { KnownDatasetId } from '../domain/known-dataset-ids'
import type { LabelSet } from '../domain/label'
import type { LabelRule } from '../domain/label-rule'
import type { Outcome } from '../domain/outcome'
import type { TableForm } from '../domain/table-form'

export type FileErrorCode =
  /** No bytes, or nothing but space. */
  | 'empty'
  /** More bytes, rows or columns than the page can hold; the message names the limit. */
  | 'too-large'
  /** A packed file (zip, gzip, an Excel workbook …): it is never unpacked. */
  | 'archive'
  /** Not text and not parquet. */
  | 'binary'
  /** Bytes that are no text in the file's encoding; another encoding can be chosen. */
  | 'encoding'
  /** A header, or rows without a text, and nothing else. */
  | 'no-rows'
  /** Quotes that do not close as CSV asks; quotes can be taken for text instead. */
  | 'quotes'
  /** A line or record beyond any text; mostly a quote or bracket that never closes. */
  | 'record-too-long'
  | 'too-deep'
  | 'invalid-json'
  /** JSON, but neither a list of records nor an object that holds columns or such a list. */
  | 'not-a-list'
  | 'invalid-parquet'
  /** Parquet that is sound but uses what we cannot read. */
  | 'unsupported'
  /** The choice names a column that the file does not have. */
  | 'no-such-column'
  /** The file was moved, changed or locked after it was picked. */
  | 'unreadable'
  | 'cancelled'
  /** The files worker died or fell silent; the next call starts a new one. */
  | 'worker-lost'

export interface FileError {
  readonly code: FileErrorCode
  /** One or two sentences that begin with the file's name and the place, as far as there is one. */
  readonly message: string
  readonly file: string
  /** From 1. */
  readonly line?: number
  /** Field of a table or character of a line, from 1. */
  readonly column?: number
}

export type FileOutcome<T> = Outcome<T, FileError>

/** Names a running job, so that `cancel` can reach it. Chosen by the caller, unique per job. */
export type FileJobId = string

/** `windows-1252` also reads latin-1: it has the same letters, and signs where latin-1 has control characters. */
export type TextEncoding = 'utf-8' | 'utf-16le' | 'utf-16be' | 'windows-1252'

/** How the rows lie in a file. */
export type Layout =
  | { readonly kind: 'lines' }
  /** Financial PhraseBank's lines: `sentence@label`. */
  | { readonly kind: 'label at end' }
  | ({ readonly kind: 'table' } & TableForm)
  | { readonly kind: 'json lines' }
  | { readonly kind: 'json list' }
  /** One object with columns by name, or with a list of records under a name. */
  | { readonly kind: 'json object' }
  | { readonly kind: 'parquet' }

/** Everything {@link Files.read} needs to know to read the file as it was opened. */
export interface Reading {
  readonly layout: Layout
  /** Absent for parquet, whose texts are UTF-8 by definition. */
  readonly encoding?: TextEncoding
  /** Names in the file's order, made distinct. */
  readonly columns: readonly string[]
  /** Our own spreadsheet-safe export: the apostrophes that it put before formulas are taken away again. */
  readonly isEscaped: boolean
}

/** What the user overrides; the rest is found out. */
export interface ReadingOverrides {
  readonly encoding?: TextEncoding
  readonly table?: Partial<TableForm>
  /** Counts and rule are made for this label column; none when it is empty. */
  readonly labelColumn?: string
}

export interface OpenRequest {
  readonly name: string
  /** The task's labels, which gold labels are mapped to. */
  readonly labels: LabelSet
  readonly overrides?: ReadingOverrides
}

export interface ColumnPreview {
  readonly name: string
  /** The first cells that are not empty, cut to a few words. */
  readonly samples: readonly string[]
}

/** A name of the label column and how many previewed rows have it. */
export interface LabelCount {
  readonly name: string
  readonly count: number
}

/** What `read` will take; may be changed by the user and goes back with it. */
export interface Choice {
  readonly textColumn: string
  readonly pairColumn?: string
  readonly labelColumn?: string
  readonly labelRule?: LabelRule
}

export interface FilePreview {
  readonly name: string
  readonly sizeBytes: number
  readonly reading: Reading
  readonly columns: readonly ColumnPreview[]
  readonly choice: Choice
  readonly dataset?: { readonly id: KnownDatasetId; readonly name: string }
  /** Names found in the label column, most frequent first; empty without one or for scores. */
  readonly labelCounts: readonly LabelCount[]
  readonly exchangedLabels?: ExchangedLabels
  readonly rows: { readonly count: number; readonly isExact: boolean }
  /** Whether {@link FileRow.row} counts lines of the file or records. */
  readonly rowsAreCountedIn: 'lines' | 'records'
  /** Rows of the previewed part that will be left out, and what they lack. */
  readonly skipped: SkippedRows
}

/** Why one row was left out. */
export interface RowProblem {
  readonly code: 'invalid-json' | 'too-deep' | 'not-a-record' | 'ragged' | 'no-text'
  readonly row: number
  /** Field of a table or character of a line, from 1. */
  readonly column?: number
  /** A whole sentence that begins with the file's name and the place. */
  readonly message: string
}

export interface SkippedRows {
  readonly count: number
  /** The first of them. */
  readonly examples: readonly RowProblem[]
}

export interface FileRow {
  /** Line on which the row begins, or its record number, from 1: the row's id for an export. */
  readonly row: number
  readonly text: string
  /** Never empty. */
  readonly pair?: string
  /** {@link Label.id} of the gold label; absent where the file has none or the rule does not know it. */
  readonly labelId?: string
  /** Every column but text and pair, the label column as it was written included. */
  readonly other: Readonly<Record<string, string>>
}

export interface ReadRequest {
  readonly name: string
  readonly reading: Reading
  readonly choice: Choice
}

export interface ReadSummary {
  readonly rows: number
  readonly labelled: number
  /** Rows that hold the sign for characters that could not be decoded (U+FFFD), NUL characters included. */
  readonly unreadableRows: number
  readonly skipped: SkippedRows
  readonly elapsedMs: number
}

export interface FileProgress {
  readonly readBytes: number
  readonly totalBytes: number
}

/** The files worker's verbs. Callbacks are awaited in order before the verb's own answer, so that pages never pile up. */
export interface Files {
  /** Finds out what a file is from its beginning (its encoding from all of it) and proposes how to read it. */
  open(
    job: FileJobId,
    file: Blob,
    request: OpenRequest,
    onProgress: (progress: FileProgress) => void | Promise<void>,
  ): Promise<FileOutcome<FilePreview>>
  /** Hands over all rows in order, at most 1,000 at a time. */
  read(
    job: FileJobId,
    file: Blob,
    request: ReadRequest,
    onRows: (rows: readonly FileRow[], progress: FileProgress) => void | Promise<void>,
  ): Promise<FileOutcome<ReadSummary>>
  /** Ends a running job within a piece of the file; it answers with code `cancelled`. Unknown jobs are ignored. */
  cancel(job: FileJobId): Promise<void>
}
