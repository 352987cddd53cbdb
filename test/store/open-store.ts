import { openDatabase } from '../../workers/kept/database'
import { createStore, type StoreParts } from '../../workers/store/store'
import type { DownloadRequest, Store, StoreOutcome } from '../../src/store/contract'
import type { Hub } from '../hub/hub'
import { Tabs, type Tab } from '../support/tabs'

export interface OpenedStore {
  readonly store: Store
  readonly tab: Tab
  /** Ends it as a crash does. */
  kill(): void
}

export const CHUNK_BYTES = 1_000

/** A store as its worker has it, in a tab of `tabs`; waits between attempts take no time. */
export function openStore(parts: Partial<StoreParts> = {}, tabs = new Tabs()): OpenedStore {
  const tab = tabs.openTab()
  let isDead = false
  const dead = () => new Promise<never>(() => undefined)
  const database = openDatabase()
  const store = createStore({
    database: (mode, use) => (isDead ? dead() : database(mode, use)),
    tabs: tab,
    network: {
      // A tab that is gone asks for nothing more.
      fetch: (input, init) => (isDead ? dead() : fetch(input, init)),
      isOnline: () => true,
      stallMs: 500,
      sleep: () => Promise.resolve(),
    },
    conversions: [],
    estimate: () => Promise.resolve({ quota: 1e12, usage: 0 }),
    now: () => performance.now(),
    chunkBytes: CHUNK_BYTES,
    ...parts,
  })
  return {
    store,
    tab,
    kill() {
      isDead = true
      tabs.kill(tab)
    },
  }
}

export const nothing = (): void => undefined

/** The value of an outcome that has to be one. */
export async function valueOf<T>(outcome: Promise<StoreOutcome<T>>): Promise<T> {
  const settled = await outcome
  if (settled.ok) return settled.value
  throw new Error(`${settled.error.code}: ${settled.error.message}`)
}

/** What downloads a repository of a hub in the first of its choices. */
export async function requestOf(
  { store }: Pick<OpenedStore, 'store'>,
  { address }: Hub,
  name = 'someone/t5',
): Promise<DownloadRequest> {
  const inspection = await valueOf(store.inspect('inspect', { kind: 'hub', repository: name, base: address }))
  return { inspection, choice: inspection.choices[0]! }
}
