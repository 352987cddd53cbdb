/** The store room keeps model files in this browser; what it gives back is checked by whoever reads it. */
import { createStore, delMany, get, getMany, keys, setMany, type UseStore } from 'idb-keyval'

/** Files by the SHA-256 of their bytes, so that models share what is equal and nothing old is taken for new. */
export interface KeptFiles {
  /** The bytes, or undefined where there are none or the browser refuses. */
  read(sha256: string): Promise<Uint8Array<ArrayBuffer> | undefined>
  /**
   * Keeps `fresh` files in place of what was there, all or none, and that `model` consists of `all`; lets go of files that
   * no model has any more. Rejects where the browser refuses.
   */
  keep(
    model: string,
    all: readonly string[],
    fresh: ReadonlyMap<string, Uint8Array<ArrayBuffer>>,
  ): Promise<void>
}

const filePrefix = 'file/'
const modelPrefix = 'model/'

/** Files in the `smallcap-models` database of this origin. */
export function openKeptFiles(): KeptFiles {
  // Opened when it is first needed: where a browser refuses, models are fetched each time.
  let opened: UseStore | undefined
  const store: UseStore = (mode, use) => (opened ??= createStore('smallcap-models', 'files'))(mode, use)
  return {
    async read(sha256) {
      try {
        const stored = await get<unknown>(filePrefix + sha256, store)
        return stored instanceof Blob ? new Uint8Array(await stored.arrayBuffer()) : undefined
      } catch {
        // Refused, or the bytes behind the record are gone from the disk.
        return undefined
      }
    },
    async keep(model, all, fresh) {
      const files = [...fresh].map(([sha256, bytes]): [string, Blob] => [
        filePrefix + sha256,
        new Blob([bytes]),
      ])
      await setMany([...files, [modelPrefix + model, all]], store)
      await letGo(store)
    },
  }
}

/** Removes the files that no model's record names. */
async function letGo(store: UseStore): Promise<void> {
  const all = await keys<string>(store)
  const models = all.filter((key) => key.startsWith(modelPrefix))
  const wanted = new Set((await getMany<unknown>(models, store)).flat())
  const isUnwanted = (key: string) => key.startsWith(filePrefix) && !wanted.has(key.slice(filePrefix.length))
  await delMany(all.filter(isUnwanted), store)
}
