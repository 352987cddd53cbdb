/** The page's view of the files worker: the contract's verbs with `AbortSignal`s instead of job ids. */
import type {
  FileOutcome,
  FilePreview,
  FileProgress,
  FileRow,
  OpenRequest,
  ReadRequest,
  ReadSummary,
} from './contract'

export interface OpenOptions {
  readonly signal?: AbortSignal
  readonly onProgress?: (progress: FileProgress) => void
}

export interface ReadOptions {
  readonly signal?: AbortSignal
  /** Called in order with at most 1,000 rows; the worker waits for it, so that rows never pile up. */
  readonly onRows: (rows: readonly FileRow[], progress: FileProgress) => void | Promise<void>
}

/**
 * Reads files in two steps: `open` says what a file is and proposes a choice of columns; `read` takes the `reading` of
 * that preview and the choice, which the user may have changed, and hands over all rows.
 *
 * Both resolve to an outcome; neither rejects for an expected failure. An aborted signal answers with code `cancelled`, a
 * dead or silent worker with `worker-lost`. The worker is started by the first call and again after its death.
 */
export interface FilesClient {
  open(
    file: File,
    request: Omit<OpenRequest, 'name'>,
    options?: OpenOptions,
  ): Promise<FileOutcome<FilePreview>>
  read(
    file: File,
    request: Omit<ReadRequest, 'name'>,
    options: ReadOptions,
  ): Promise<FileOutcome<ReadSummary>>
  /** Ends the worker and with it whatever it still reads; the next call starts another. */
  close(): void
}
