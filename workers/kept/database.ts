/**
 * How model files lie in this browser: one database, in which every change that belongs together is one transaction.
 *
 * | key                      | value                                                                    |
 * | ------------------------ | ------------------------------------------------------------------------ |
 * | `file/<sha256>`          | {@link FileRecord}: a file that is complete and was verified              |
 * | `part/<model>/<path>`    | how far a file has come that is not complete yet (`workers/store`)       |
 * | `chunk/<bytes>/<number>` | a `Blob`: the bytes of a file or part, in order                          |
 * | `model/<model>`          | {@link ModelRecord}: which files a model has, and what it is             |
 * | `manifest/<model>`       | its `model.json`, once it is complete                                    |
 * | `used/<model>`           | when it was loaded last, in milliseconds since 1970                      |
 */
import { createStore, promisifyRequest, type UseStore } from 'idb-keyval'

export type { UseStore }

/** Small enough to hold a few in memory and to lose one, large enough that a model has hundreds of them, not thousands. */
export const CHUNK_BYTES = 8 * 2 ** 20

export interface FileRecord {
  /** Names the chunks. */
  readonly bytes: string
  readonly sizeBytes: number
}

/** What every model's record has, whoever wrote it. */
export interface ModelRecord {
  readonly files: readonly { readonly path: string; readonly sizeBytes: number; readonly sha256?: string }[]
}

export const fileKey = (sha256: string): string => `file/${sha256}`
export const modelKey = (model: string): string => `model/${model}`
export const manifestKey = (model: string): string => `manifest/${model}`
export const usedKey = (model: string): string => `used/${model}`
/** The number has a fixed width, so that chunks lie in order. */
export const chunkKey = (bytes: string, number: number): string =>
  `chunk/${bytes}/${String(number).padStart(6, '0')}`

/** All keys that begin with `prefix`. */
export const keysFrom = (prefix: string): IDBKeyRange => IDBKeyRange.bound(prefix, `${prefix}\uffff`)
export const chunkKeys = (bytes: string): IDBKeyRange => keysFrom(`chunk/${bytes}/`)

/** Opens the database when it is first needed: where a browser refuses, that is when it is heard of. */
export function openDatabase(): UseStore {
  let opened: UseStore | undefined
  // Async, so that a browser which throws at once rejects instead.
  return async (mode, use) => (opened ??= createStore('smallcap-models', 'files'))(mode, use)
}

/** Runs `work` in one transaction, in which it may await {@link settled} requests and nothing else; all of it or none. */
export const change = <T>(database: UseStore, work: (files: IDBObjectStore) => T | Promise<T>): Promise<T> =>
  database('readwrite', async (files) => {
    const isDone = promisifyRequest(files.transaction)
    try {
      const result = await work(files)
      await isDone
      return result
    } catch (error) {
      abort(files.transaction)
      // The transaction's own error says more than that of a request which it took with it.
      await isDone.catch((reason: unknown) => {
        throw reason ?? error
      })
      throw error
    }
  })

function abort(transaction: IDBTransaction): void {
  try {
    transaction.abort()
  } catch {
    // It was over already.
  }
}

export const settled: <T>(request: IDBRequest<T>) => Promise<T> = promisifyRequest

export function readFileRecord(value: unknown): FileRecord | undefined {
  if (typeof value !== 'object' || value === null || !('bytes' in value) || !('sizeBytes' in value))
    return undefined
  const { bytes, sizeBytes } = value
  return typeof bytes === 'string' && typeof sizeBytes === 'number' ? { bytes, sizeBytes } : undefined
}

/** The hashes that a model's record names. */
export function hashesOf(record: unknown): readonly string[] {
  if (typeof record !== 'object' || record === null || !('files' in record) || !Array.isArray(record.files))
    return []
  return record.files.flatMap((file: unknown) =>
    typeof file === 'object' && file !== null && 'sha256' in file && typeof file.sha256 === 'string'
      ? [file.sha256]
      : [],
  )
}

/** Removes the files that no model's record names any more, their chunks with them. */
export async function letGo(files: IDBObjectStore): Promise<void> {
  const records: unknown[] = await settled(files.getAll(keysFrom('model/')))
  const wanted = new Set(records.flatMap(hashesOf).map(fileKey))
  const keys = await settled(files.getAllKeys(keysFrom('file/')))
  for (const key of keys) if (typeof key === 'string' && !wanted.has(key)) await removeFile(files, key)
}

/** Removes a file by its key. */
export async function removeFile(files: IDBObjectStore, key: string): Promise<void> {
  const record = readFileRecord(await settled<unknown>(files.get(key)))
  if (record) files.delete(chunkKeys(record.bytes))
  files.delete(key)
}
