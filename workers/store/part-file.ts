/** A file on its way into the database: each chunk, its progress and the states of its hashes are one transaction. */
import {
  change,
  chunkKey,
  chunkKeys,
  fileKey,
  modelKey,
  readFileRecord,
  settled,
  type FileRecord,
  type UseStore,
} from '../kept/database'
import { partKey, readPartRecord, readStoredRecord, type PartRecord } from './records'
import { StoreFailure } from './store-failure'

/** What one transaction adds to a part. */
export interface Step {
  /** May be empty. */
  readonly bytes: readonly Uint8Array<ArrayBuffer>[]
  readonly progress: Pick<PartRecord, 'sourceOffset' | 'sourceHashes' | 'resultHash' | 'transform'>
}

/** One file of one model; only the tab that holds the model's lock writes it. */
export class PartFile {
  private constructor(
    private readonly database: UseStore,
    private readonly model: string,
    private readonly path: string,
    private record: PartRecord,
  ) {}

  /** Opens what is there of a file, or begins it. */
  static async open(database: UseStore, model: string, path: string): Promise<PartFile> {
    const stored = await database('readonly', (files) => settled<unknown>(files.get(partKey(model, path))))
    return new PartFile(database, model, path, readPartRecord(stored) ?? emptyPart())
  }

  get progress(): PartRecord {
    return this.record
  }

  /** Lets go of what is there and begins anew. */
  async restart(): Promise<void> {
    await this.discard()
    this.record = emptyPart()
  }

  async discard(): Promise<void> {
    const { bytes } = this.record
    await change(this.database, (files) => {
      files.delete(chunkKeys(bytes))
      files.delete(partKey(this.model, this.path))
    })
  }

  async append({ bytes, progress }: Step): Promise<void> {
    const next = this.after(bytes, progress)
    await change(this.database, (files) => {
      this.putChunk(files, bytes)
      files.put(next, partKey(this.model, this.path))
    })
    this.record = next
  }

  /** Adds the last bytes and makes it a file under its hash, which the model's record names from then on. */
  async complete(bytes: readonly Uint8Array<ArrayBuffer>[], sha256: string): Promise<void> {
    const { storedBytes } = this.after(bytes, this.record)
    await change(this.database, async (files) => {
      const model = readStoredRecord(await settled<unknown>(files.get(modelKey(this.model))))
      if (!model) throw new StoreFailure('cancelled', 'The model was removed meanwhile.')
      files.put(
        {
          ...model,
          files: model.files.map((file) =>
            file.path === this.path ? { ...file, sizeBytes: storedBytes, sha256 } : file,
          ),
        },
        modelKey(this.model),
      )
      files.delete(partKey(this.model, this.path))
      if (readFileRecord(await settled<unknown>(files.get(fileKey(sha256))))) {
        // Another model has the same file.
        files.delete(chunkKeys(this.record.bytes))
        return
      }
      this.putChunk(files, bytes)
      files.put({ bytes: this.record.bytes, sizeBytes: storedBytes } satisfies FileRecord, fileKey(sha256))
    })
  }

  private after(bytes: readonly Uint8Array[], progress: Step['progress']): PartRecord {
    const added = bytes.reduce((sum, { length }) => sum + length, 0)
    const { bytes: name, chunks, storedBytes } = this.record
    return {
      ...progress,
      bytes: name,
      chunks: chunks + (added > 0 ? 1 : 0),
      storedBytes: storedBytes + added,
    }
  }

  private putChunk(files: IDBObjectStore, bytes: readonly Uint8Array<ArrayBuffer>[]): void {
    if (bytes.some(({ length }) => length > 0))
      files.put(new Blob([...bytes]), chunkKey(this.record.bytes, this.record.chunks))
  }
}

const emptyPart = (): PartRecord => ({
  bytes: crypto.randomUUID(),
  chunks: 0,
  storedBytes: 0,
  sourceOffset: 0,
  sourceHashes: [],
})
