import type { ExportRequest } from '../engine/adapters'
import type { EngineError } from '../engine/contract'
import type { EngineClient } from '../engine/engine-client'

export type Writing =
  | { readonly kind: 'idle' }
  /** `totalBytes` is about how many there will be. */
  | { readonly kind: 'writing'; readonly doneBytes: number; readonly totalBytes: number }
  | { readonly kind: 'failed'; readonly error: EngineError }
  | { readonly kind: 'done'; readonly name: string; readonly bytes: number }

export interface WrittenFile {
  readonly name: string
  readonly file: Blob
}

export interface WrittenModelsParts {
  readonly engine: EngineClient
  /** Makes one file of many. */
  readonly pack: (files: ReadonlyMap<string, Blob>) => Promise<Blob>
}

/** Models and adapters written for other programs: what the engine writes, as one file. */
export class WrittenModels {
  readonly #parts: WrittenModelsParts
  #status = $state.raw<Writing>({ kind: 'idle' })
  #abort = new AbortController()

  constructor(parts: WrittenModelsParts) {
    this.#parts = parts
  }

  get status() {
    return this.#status
  }

  /** Undefined where it was stopped or failed, which `status` tells. Only one is written at a time: an earlier one is stopped. */
  async write(request: ExportRequest, totalBytes: number): Promise<WrittenFile | undefined> {
    this.#abort.abort()
    const abort = (this.#abort = new AbortController())
    const isNewest = () => this.#abort === abort
    const folder = folderOf(request)
    const pieces = new Map<string, Blob[]>()
    let doneBytes = 0
    this.#status = { kind: 'writing', doneBytes, totalBytes }
    const outcome = await this.#parts.engine.exportModel(request, {
      signal: abort.signal,
      onPiece: ({ path, bytes }) => {
        // As blobs they are the browser's to put on the disk, and no more memory of the page.
        const blob = new Blob([new Uint8Array(bytes)])
        pieces.set(`${folder}/${path}`, [...(pieces.get(`${folder}/${path}`) ?? []), blob])
        doneBytes += bytes.length
        if (isNewest()) this.#status = { kind: 'writing', doneBytes, totalBytes }
      },
    })
    if (!isNewest()) return undefined
    if (!outcome.ok) {
      const { error } = outcome
      this.#status = error.code === 'cancelled' ? { kind: 'idle' } : { kind: 'failed', error }
      return undefined
    }
    const files = new Map([...pieces].map(([path, parts]) => [path, new Blob(parts)]))
    const file = await this.#parts.pack(files)
    if (!isNewest()) return undefined
    const name = `${folder}.tar`
    this.#status = { kind: 'done', name, bytes: file.size }
    return { name, file }
  }

  stop(): void {
    this.#abort.abort()
    this.#abort = new AbortController()
    this.#status = { kind: 'idle' }
  }
}

/** The folder that the archive unpacks to; ids have slashes and colons. */
const folderOf = ({ model, adapter, layout }: ExportRequest): string =>
  [model, ...(adapter === undefined ? [] : [adapter]), layout].join('-').replace(/[^\w.-]+/g, '-')
