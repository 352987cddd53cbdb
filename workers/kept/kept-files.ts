/** The room for model files that this browser keeps; what it gives back is checked by whoever reads it. */
import {
  CHUNK_BYTES,
  change,
  chunkKey,
  chunkKeys,
  fileKey,
  letGo,
  manifestKey,
  modelKey,
  openDatabase,
  readFileRecord,
  removeFile,
  settled,
  usedKey,
  type FileRecord,
  type ModelRecord,
  type UseStore,
} from './database'

export type KeptFile = Required<ModelRecord['files'][number]>

/** Files by the SHA-256 of their bytes, so that models share what is equal and nothing old is taken for new. */
export interface KeptFiles {
  /** The bytes, or undefined where there are none or the browser refuses. */
  read(sha256: string): Promise<Uint8Array<ArrayBuffer> | undefined>
  /** The `model.json` of a model that is complete, or undefined where there is none or the browser refuses. */
  readManifest(model: string): Promise<Uint8Array<ArrayBuffer> | undefined>
  /**
   * Keeps `fresh` files, by their hash, in place of what was there, all or none, and that `model` consists of `all`; lets go
   * of files that no model has any more. Rejects where the browser refuses.
   */
  keep(
    model: string,
    all: readonly KeptFile[],
    fresh: ReadonlyMap<string, Uint8Array<ArrayBuffer>>,
  ): Promise<void>
  /** Notes that a model was used at `time`, in milliseconds since 1970. Rejects where the browser refuses. */
  noteUse(model: string, time: number): Promise<void>
}

/** Files in the `smallcap-models` database of this origin. */
export function openKeptFiles(database: UseStore = openDatabase()): KeptFiles {
  return {
    async read(sha256) {
      try {
        return await readFile(database, sha256)
      } catch {
        // Refused, or the bytes behind the record are gone from the disk.
        return undefined
      }
    },
    async readManifest(model) {
      try {
        const text: unknown = await database('readonly', (files) =>
          settled<unknown>(files.get(manifestKey(model))),
        )
        return typeof text === 'string' ? new TextEncoder().encode(text) : undefined
      } catch {
        return undefined
      }
    },
    keep: (model, all, fresh) =>
      change(database, async (files) => {
        for (const [sha256, bytes] of fresh) {
          await removeFile(files, fileKey(sha256))
          putFile(files, sha256, bytes)
        }
        files.put({ files: all } satisfies ModelRecord, modelKey(model))
        await letGo(files)
      }),
    noteUse: (model, time) =>
      change(database, (files) => {
        files.put(time, usedKey(model))
      }),
  }
}

/** The chunks of a file that is complete, in order; undefined where there is none. */
export const readChunks = (
  database: UseStore,
  sha256: string,
): Promise<{ readonly record: FileRecord; readonly chunks: readonly Blob[] } | undefined> =>
  database('readonly', async (files) => {
    const record = readFileRecord(await settled<unknown>(files.get(fileKey(sha256))))
    if (!record) return undefined
    const values: unknown[] = await settled(files.getAll(chunkKeys(record.bytes)))
    return { record, chunks: values.filter((value) => value instanceof Blob) }
  })

async function readFile(database: UseStore, sha256: string): Promise<Uint8Array<ArrayBuffer> | undefined> {
  const found = await readChunks(database, sha256)
  if (!found) return undefined
  const { chunks, record } = found
  const bytes = new Uint8Array(record.sizeBytes)
  let offset = 0
  for (const chunk of chunks) {
    // Too many bytes are damage too: whoever checks the hash would not see what was cut off here.
    if (offset + chunk.size > bytes.length) return undefined
    bytes.set(new Uint8Array(await chunk.arrayBuffer()), offset)
    offset += chunk.size
  }
  return offset === bytes.length ? bytes : undefined
}

function putFile(files: IDBObjectStore, sha256: string, bytes: Uint8Array<ArrayBuffer>): void {
  const record: FileRecord = { bytes: crypto.randomUUID(), sizeBytes: bytes.length }
  for (let number = 0; number * CHUNK_BYTES < bytes.length; number += 1)
    files.put(
      new Blob([bytes.subarray(number * CHUNK_BYTES, (number + 1) * CHUNK_BYTES)]),
      chunkKey(record.bytes, number),
    )
  files.put(record, fileKey(sha256))
}
