/** The page's own database, seen as few verbs as it needs; the only place that knows IndexedDB. */
import { promisifyRequest } from 'idb-keyval'

/**
 * `stored`: on the disk, and there after a crash of the page, the browser or the machine. `exists`: a key was taken, and
 * nothing was written. `refused`: the browser would not, and nothing was written.
 */
export type Added = 'stored' | 'exists' | 'refused'

export interface RecordStore {
  /** The stored value, or undefined when there is none. Rejects where the browser refuses storage. */
  read(key: string): Promise<unknown>
  /** The records under these keys, in their order, as they were at one moment. Rejects likewise. */
  readAll(keys: readonly string[]): Promise<readonly unknown[]>
  /** The keys that begin with `prefix`, all of them where it is empty, in the database's order (by UTF-16 units). Rejects likewise. */
  keysBelow(prefix: string): Promise<readonly string[]>
  /** The records whose keys begin with `prefix`, in the order of their keys, read as they were at one moment. Rejects likewise. */
  readBelow(prefix: string): Promise<ReadonlyMap<string, unknown>>
  /**
   * Writes all entries in their order, or none. An undefined value deletes its key, and where the key ends in `/` every
   * key that begins with it.
   */
  writeAll(entries: ReadonlyMap<string, unknown>): Promise<void>
  /** Adds new records and resolves once they are on the disk, all of them or none; never replaces one, never rejects. */
  addStrict(entries: ReadonlyMap<string, unknown>): Promise<Added>
  /**
   * Puts what `change` makes of the record under `key` (undefined where there is none) in its place, or deletes it where
   * that is undefined. No other tab writes in between. Resolves with what is stored now; rejects where the browser refuses.
   */
  change<T>(key: string, change: (stored: unknown) => T): Promise<T>
}

const NAME = 'smallcap-workspace'
const RECORDS = 'records'

const from = (prefix: string): IDBKeyRange => IDBKeyRange.bound(prefix, `${prefix}\uFFFF`)

/** Records in the `smallcap-workspace` database of this origin. */
export function openRecordStore(): RecordStore {
  const use = openDatabase()
  return {
    read: (key) => use('readonly', (records) => promisifyRequest<unknown>(records.get(key))),
    readAll: (keys) =>
      use('readonly', (records) =>
        Promise.all(keys.map((key) => promisifyRequest<unknown>(records.get(key)))),
      ),
    keysBelow: (prefix) => use('readonly', async (records) => textsOf(await keysFrom(records, prefix))),
    readBelow: (prefix) =>
      use('readonly', async (records) => {
        const range = from(prefix)
        const [keys, values] = await Promise.all([
          keysFrom(records, prefix),
          promisifyRequest<unknown[]>(records.getAll(range)),
        ])
        return new Map(textsOf(keys).map((key, place) => [key, values[place]]))
      }),
    writeAll: (entries) =>
      use('readwrite', async (records) => {
        // One value per turn, for each is copied while the page waits; an unanswered request keeps the transaction open.
        for (const [key, value] of entries) await put(records, key, value)
      }),
    addStrict: async (entries) => {
      try {
        await use(
          'readwrite',
          async (records) => {
            for (const [key, value] of entries) await promisifyRequest(records.add(value, key))
          },
          'strict',
        )
        return 'stored'
      } catch (refusal) {
        return refusal instanceof DOMException && refusal.name === 'ConstraintError' ? 'exists' : 'refused'
      }
    },
    change: (key, change) =>
      use('readwrite', async (records) => {
        const changed = change(await promisifyRequest<unknown>(records.get(key)))
        await put(records, key, changed)
        return changed
      }),
  }
}

type Use = <T>(
  mode: IDBTransactionMode,
  work: (records: IDBObjectStore) => Promise<T>,
  durability?: IDBTransactionDurability,
) => Promise<T>

/**
 * Runs work in one transaction, in which it may await its requests and nothing else; all of it or none. The database is
 * opened when it is first needed: where a browser refuses, that is when it is heard of.
 */
function openDatabase(): Use {
  let opened: Promise<IDBDatabase> | undefined
  const close = (): void => {
    opened = undefined
  }
  const open = async (): Promise<IDBDatabase> => {
    const request = indexedDB.open(NAME)
    request.onupgradeneeded = () => request.result.createObjectStore(RECORDS)
    const database = await promisifyRequest(request)
    // Some browsers close a connection by themselves.
    database.onclose = close
    return database
  }
  return async (mode, work, durability = 'default') => {
    const database = await (opened ??= open().catch((refusal: unknown) => {
      close()
      throw refusal
    }))
    const transaction = database.transaction(RECORDS, mode, { durability })
    const done = promisifyRequest(transaction)
    try {
      const result = await work(transaction.objectStore(RECORDS))
      await done
      return result
    } catch (refusal) {
      // What was put before would be stored by itself; a request that failed has ended the transaction already.
      if (transaction.error === null) abort(transaction)
      await done.catch(() => undefined)
      throw refusal
    }
  }
}

function abort(transaction: IDBTransaction): void {
  try {
    transaction.abort()
  } catch {
    // It was over already.
  }
}

const put = (records: IDBObjectStore, key: string, value: unknown): Promise<unknown> =>
  value === undefined
    ? promisifyRequest(records.delete(key.endsWith('/') ? from(key) : key))
    : promisifyRequest(records.put(value, key))

const keysFrom = (records: IDBObjectStore, prefix: string): Promise<IDBValidKey[]> =>
  promisifyRequest(records.getAllKeys(from(prefix)))

const textsOf = (keys: readonly IDBValidKey[]): string[] => keys.filter((key) => typeof key === 'string')
