/** The page's own database, seen as few verbs as it needs; the only place that knows IndexedDB. */
import { createStore, get, promisifyRequest } from 'idb-keyval'

export interface RecordStore {
  /** The stored value, or undefined when there is none. Rejects where the browser refuses storage. */
  read(key: string): Promise<unknown>
  /**
   * Writes all entries in their order, or none. An undefined value deletes its key, and where the key ends in `/` every
   * key that begins with it.
   */
  writeAll(entries: ReadonlyMap<string, unknown>): Promise<void>
}

const below = (key: string): IDBKeyRange => IDBKeyRange.bound(key, `${key}\uFFFF`)

/** Records in the `smallcap-workspace` database of this origin. */
export function openRecordStore(): RecordStore {
  const store = createStore('smallcap-workspace', 'records')
  return {
    read: (key) => get<unknown>(key, store),
    writeAll: (entries) =>
      store('readwrite', async (objects) => {
        const { transaction } = objects
        try {
          // One value per turn, for each is copied while the page waits; an unanswered request keeps the transaction open.
          for (const [key, value] of entries)
            if (value === undefined)
              await promisifyRequest(objects.delete(key.endsWith('/') ? below(key) : key))
            else await promisifyRequest(objects.put(value, key))
        } catch (refusal) {
          // What was put before would be stored by itself; a request that failed has ended the transaction already.
          if (transaction.error === null) transaction.abort()
          throw refusal
        }
        return promisifyRequest(transaction)
      }),
  }
}
