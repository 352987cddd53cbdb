/** The records of stored models: reading, listing, completing and removing them; never their bytes. */
import {
  change,
  chunkKeys,
  fileKey,
  keysFrom,
  letGo,
  manifestKey,
  modelKey,
  readFileRecord,
  removeFile,
  settled,
  usedKey,
  type UseStore,
} from '../kept/database'
import type { StoredModel, StoredModelId, StoredState } from '../../src/store/contract'
import { manifestOf } from './manifest-of'
import { partPrefix, readPartRecord, readStoredRecord, type PartRecord, type StoredRecord } from './records'
import { readPageRecord } from './page-record'
import { asExpected, StoreFailure } from './store-failure'

/** A model's record, its parts and its last use. */
interface Entry {
  readonly model: StoredModelId
  readonly record: StoredRecord
  readonly parts: readonly PartRecord[]
  readonly usedAt: number | undefined
}

/** How the last attempt ended, unless by completing the model. */
type AttemptOutcome = Pick<StoredRecord, 'isPaused' | 'error'>

/** An outcome that the disk refused, and what stands in the record instead. */
interface UnwrittenOutcome {
  readonly outcome: AttemptOutcome
  readonly stored: string
}

export class StoredModels {
  /** Known as long as this worker lives. */
  private readonly unwritten = new Map<StoredModelId, UnwrittenOutcome>()

  constructor(private readonly database: UseStore) {}

  find(model: StoredModelId): Promise<StoredRecord | undefined> {
    return this.database('readonly', async (files) =>
      readRecord(model, await settled<unknown>(files.get(modelKey(model)))),
    )
  }

  /** @throws StoreFailure `unknown-model` */
  async get(model: StoredModelId): Promise<StoredRecord> {
    const record = await this.find(model)
    if (record) return record
    throw new StoreFailure(
      'unknown-model',
      `No model ${model} is stored. The list may be out of date; look again.`,
    )
  }

  /** Stores a record unless there is one. */
  begin(model: StoredModelId, record: StoredRecord): Promise<void> {
    return change(this.database, async (files) => {
      if (!readStoredRecord(await settled<unknown>(files.get(modelKey(model)))))
        files.put(record, modelKey(model))
    })
  }

  /** Notes how an attempt ended; what a full disk has no room for is remembered, and this worker's list tells of it. */
  async noteOutcome(model: StoredModelId, outcome: AttemptOutcome): Promise<void> {
    try {
      await this.patch(model, (record) => withOutcome(record, outcome))
    } catch (error) {
      // Throws on bugs.
      asExpected(error)
      const record = await this.find(model)
      if (record) this.unwritten.set(model, { outcome, stored: outcomeOf(record) })
    }
  }

  /** Forgets how the last attempt ended. */
  clearOutcome(model: StoredModelId): Promise<void> {
    this.unwritten.delete(model)
    return this.patch(model, (record) => withOutcome(record, { isPaused: false }))
  }

  /** Changes a record, if it is still there. */
  private patch(model: StoredModelId, patch: (record: StoredRecord) => StoredRecord): Promise<void> {
    return change(this.database, async (files) => {
      const record = readStoredRecord(await settled<unknown>(files.get(modelKey(model))))
      if (record) files.put(patch(record), modelKey(model))
    })
  }

  /** Gives a model a file that is stored already, for whichever model; false where there is none. */
  adopt(model: StoredModelId, path: string, sha256: string): Promise<boolean> {
    return change(this.database, async (files) => {
      const record = readStoredRecord(await settled<unknown>(files.get(modelKey(model))))
      if (!record || !readFileRecord(await settled<unknown>(files.get(fileKey(sha256))))) return false
      const adopted = record.files.map((file) => (file.path === path ? { ...file, sha256 } : file))
      files.put({ ...record, files: adopted }, modelKey(model))
      return true
    })
  }

  /** Makes a model whose files are all there one that can be loaded. */
  complete(model: StoredModelId): Promise<void> {
    return change(this.database, async (files) => {
      const record = readStoredRecord(await settled<unknown>(files.get(modelKey(model))))
      if (!record) throw new StoreFailure('cancelled', 'The model was removed meanwhile.')
      files.put(manifestOf(record), manifestKey(model))
      files.put({ ...record, isComplete: true, isDamaged: false }, modelKey(model))
    })
  }

  /** Lets go of files whose bytes are damaged, in every model that has them. */
  letGoOfDamaged(hashes: readonly string[]): Promise<void> {
    const damaged = new Set(hashes)
    return change(this.database, async (files) => {
      for (const sha256 of hashes) await removeFile(files, fileKey(sha256))
      for (const { model, record } of await entries(files)) {
        if (record.origin.kind === 'page') continue
        const isHurt = record.files.some(({ sha256 }) => sha256 !== undefined && damaged.has(sha256))
        if (!isHurt) continue
        files.delete(manifestKey(model))
        const left = record.files.map(({ sha256, ...file }) =>
          sha256 === undefined || damaged.has(sha256) ? file : { ...file, sha256 },
        )
        files.put({ ...record, files: left, isComplete: false, isDamaged: true }, modelKey(model))
      }
    })
  }

  remove(model: StoredModelId): Promise<void> {
    this.unwritten.delete(model)
    return change(this.database, async (files) => {
      const parts: unknown[] = await settled(files.getAll(keysFrom(partPrefix(model))))
      for (const part of parts) {
        const bytes = readPartRecord(part)?.bytes
        if (bytes !== undefined) files.delete(chunkKeys(bytes))
      }
      files.delete(keysFrom(partPrefix(model)))
      for (const key of [modelKey(model), manifestKey(model), usedKey(model)]) files.delete(key)
      await letGo(files)
    })
  }

  /** Newest first. @param busy models that somebody works on */
  async list(busy: ReadonlySet<StoredModelId>): Promise<readonly StoredModel[]> {
    const all = await this.database('readonly', entries)
    return all
      .map((entry) => describe(this.withUnwritten(entry), busy.has(entry.model)))
      .sort((a, b) => b.addedAt - a.addedAt)
  }

  /** With the outcome that was refused, unless another tab has noted one since. */
  private withUnwritten(entry: Entry): Entry {
    const found = this.unwritten.get(entry.model)
    if (found?.stored !== outcomeOf(entry.record)) return entry
    return { ...entry, record: withOutcome(entry.record, found.outcome) }
  }

  /** Bytes of all files, and of those on their way. */
  async sumBytes(): Promise<number> {
    return this.database('readonly', async (files) => {
      const records: unknown[] = await settled(files.getAll(keysFrom('file/')))
      const parts: unknown[] = await settled(files.getAll(keysFrom('part/')))
      return (
        records.reduce<number>((sum, value) => sum + (readFileRecord(value)?.sizeBytes ?? 0), 0) +
        parts.reduce<number>((sum, value) => sum + (readPartRecord(value)?.storedBytes ?? 0), 0)
      )
    })
  }
}

function withOutcome(record: StoredRecord, outcome: AttemptOutcome): StoredRecord {
  const ended = { ...record, ...outcome }
  if (outcome.error === undefined) delete ended.error
  return ended
}

const outcomeOf = ({ isPaused, error }: StoredRecord): string => JSON.stringify([isPaused, error])

const readRecord = (model: StoredModelId, value: unknown): StoredRecord | undefined =>
  readStoredRecord(value) ?? readPageRecord(model, value)

async function entries(files: IDBObjectStore): Promise<readonly Entry[]> {
  const keys = await settled(files.getAllKeys(keysFrom('model/')))
  const values: unknown[] = await settled(files.getAll(keysFrom('model/')))
  const found: Entry[] = []
  for (const [index, key] of keys.entries()) {
    if (typeof key !== 'string') continue
    const model = key.slice('model/'.length)
    const record = readRecord(model, values[index])
    if (!record) continue
    const parts: unknown[] = await settled(files.getAll(keysFrom(partPrefix(model))))
    const usedAt: unknown = await settled<unknown>(files.get(usedKey(model)))
    found.push({
      model,
      record,
      parts: parts.flatMap((part) => readPartRecord(part) ?? []),
      usedAt: typeof usedAt === 'number' ? usedAt : undefined,
    })
  }
  return found
}

export function describe({ model, record, parts, usedAt }: Entry, isBusy: boolean): StoredModel {
  const { name, origin, kind, numberFormat, licence, parameters, baseModel, files, addedAt } = record
  const done = files.filter(({ sha256 }) => sha256 !== undefined)
  const sum = (numbers: readonly number[]) => numbers.reduce((total, each) => total + each, 0)
  return {
    id: model,
    name,
    origin,
    kind,
    numberFormat,
    ...(licence !== undefined && { licence }),
    ...(parameters !== undefined && { parameters }),
    ...(baseModel !== undefined && { baseModel }),
    doneBytes:
      sum(done.map(({ source }) => source.sizeBytes)) + sum(parts.map(({ sourceOffset }) => sourceOffset)),
    totalBytes: sum(files.map(({ source }) => source.sizeBytes)),
    storedBytes:
      sum(done.map(({ sizeBytes }) => sizeBytes)) + sum(parts.map(({ storedBytes }) => storedBytes)),
    addedAt,
    ...(usedAt !== undefined && { usedAt }),
    state: stateOf(record, isBusy),
  }
}

function stateOf(record: StoredRecord, isBusy: boolean): StoredState {
  if (record.isComplete) return { phase: 'complete' }
  if (isBusy) return { phase: 'downloading' }
  if (record.isPaused) return { phase: 'paused' }
  if (record.isDamaged) return { phase: 'damaged' }
  return { phase: 'interrupted', ...(record.error && { error: record.error }) }
}
