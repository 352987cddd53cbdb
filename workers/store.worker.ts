/** The store worker: sees the network, never text. */
import { expose } from 'comlink'
import { PACK_CONVERSIONS } from './store/pack-conversions'
import { sleep } from './store/sleep'
import { createStore } from './store/store'
import type { Store } from '../src/store/contract'

const STALL_MS = 30_000

// [Note: Telling that a worker died]: held for as long as this worker lives, and asked for by the page.
const isHeld = new Promise<void>((resolve) => {
  void navigator.locks.request(self.name, () => {
    resolve()
    return new Promise(() => undefined)
  })
})

const channel = new BroadcastChannel('smallcap models')

const store: Store = createStore({
  ready: isHeld,
  network: {
    fetch: (input, init) => fetch(input, init),
    isOnline: () => navigator.onLine,
    stallMs: STALL_MS,
    sleep,
  },
  tabs: {
    locks: navigator.locks,
    channel: {
      send: (message) => channel.postMessage(message),
      listen(listener) {
        channel.onmessage = ({ data }: MessageEvent<unknown>) => listener(data)
      },
    },
  },
  conversions: PACK_CONVERSIONS,
  estimate: () => navigator.storage.estimate(),
  now: () => Date.now(),
})

// Exposed at once: a message that arrived before would be lost.
expose(store)
