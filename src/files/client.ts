import { proxy, wrap, type Remote } from 'comlink'
import { failure } from '../domain/outcome'
import type { Spawn } from '../engine/worker-handle'
import type { FileJobId, FileOutcome, Files } from './contract'
import type { FilesClient } from './files-client'

/** How long a stopped job may go on before its worker is ended: decoding one column of parquet cannot be interrupted. */
const stopGraceMs = 1000

/** A worker that says nothing for so long while it reads has met a file that it will not finish. */
const silenceLimitMs = 30_000

interface RunningWorker {
  readonly files: Remote<Files>
  /** Resolves with a sentence when this worker is gone, by itself or ended by us. */
  readonly gone: Promise<string>
  /** To be called whenever it is heard of. */
  heard(): void
  end(reason: string): void
}

/** Takes what the worker says. */
type Heard = (take: () => void | Promise<void>) => Promise<void>

export interface FilesSurroundings {
  readonly spawn: Spawn
  /** Tests wait less. */
  readonly silenceMs?: number
}

/** Makes the page's side of the files worker, which it starts when it is first needed. */
export function createFilesClient({ spawn, silenceMs = silenceLimitMs }: FilesSurroundings): FilesClient {
  let lastJob = 0
  let worker: RunningWorker | undefined

  function start(): RunningWorker {
    const handle = spawn()
    let settle: (reason: string) => void
    const gone = new Promise<string>((resolve) => {
      settle = resolve
    })
    let isWatched = false
    const started: RunningWorker = {
      files: wrap<Files>(handle.endpoint),
      gone,
      heard() {
        if (!isWatched) handle.watch()
        isWatched = true
      },
      end(reason) {
        handle.terminate()
        if (worker === started) worker = undefined
        settle(reason)
      },
    }
    void handle.lost.then((reason) => started.end(reason))
    return started
  }

  async function call<T>(
    file: string,
    verb: (files: Remote<Files>, job: FileJobId, heard: Heard) => Promise<FileOutcome<T>>,
    signal?: AbortSignal,
  ): Promise<FileOutcome<T>> {
    const cancelled = failure({
      code: 'cancelled',
      message: `${file}: reading was stopped as asked.`,
      file,
    } as const)
    if (signal?.aborted) return cancelled
    const current = (worker ??= start())
    const job = String((lastJob += 1))
    let silence: ReturnType<typeof setTimeout> | undefined
    let grace: ReturnType<typeof setTimeout> | undefined
    let isOver = false
    const listen = () => {
      clearTimeout(silence)
      silence = setTimeout(() => current.end('it did not get on with the file'), silenceMs)
    }
    // The worker waits while the page takes what it said, and so is not silent then.
    const heard: Heard = async (take) => {
      current.heard()
      clearTimeout(silence)
      await take()
      if (!isOver) listen()
    }
    const stop = () => {
      void current.files.cancel(job)
      grace = setTimeout(() => current.end('it did not stop in time'), stopGraceMs)
    }
    listen()
    signal?.addEventListener('abort', stop)
    const lost = current.gone.then((reason) =>
      failure({
        code: 'worker-lost',
        message: `${file}: the reader of files was ended, because ${reason}.`,
        file,
      } as const),
    )
    try {
      const outcome = await Promise.race([verb(current.files, job, heard), lost])
      current.heard()
      return signal?.aborted && !outcome.ok ? cancelled : outcome
    } finally {
      isOver = true
      signal?.removeEventListener('abort', stop)
      clearTimeout(silence)
      clearTimeout(grace)
    }
  }

  return {
    open: (file, request, { signal, onProgress } = {}) =>
      call(
        file.name,
        (files, job, heard) =>
          files.open(
            job,
            file,
            { ...request, name: file.name },
            proxy((progress) => heard(() => onProgress?.(progress))),
          ),
        signal,
      ),
    read: (file, request, { signal, onRows }) =>
      call(
        file.name,
        (files, job, heard) =>
          files.read(
            job,
            file,
            { ...request, name: file.name },
            proxy((rows, progress) => heard(() => onRows(rows, progress))),
          ),
        signal,
      ),
    close() {
      worker?.end('it was closed')
    },
  }
}
