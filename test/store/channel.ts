import { createStoreClient } from '../../src/store/client'
import type { Store } from '../../src/store/contract'
import type { StoreClient } from '../../src/store/store-client'
import { channelWorkers } from '../support/channel-worker'
import { openStore } from './open-store'

/** Connects a client to what `make` makes, at the far end of a real MessageChannel, a fresh one for each start. */
export function connectStore(make: () => Store = () => openStore().store): {
  readonly client: StoreClient
  readonly started: () => number
  readonly kill: (reason: string) => void
} {
  const { spawn, started, kill } = channelWorkers(make)
  let isPersisted = false
  const storage = {
    persist: () => Promise.resolve((isPersisted = true)),
    persisted: () => Promise.resolve(isPersisted),
  }
  return { client: createStoreClient({ spawn, storage }), started, kill }
}
