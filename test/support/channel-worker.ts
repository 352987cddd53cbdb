import { expose } from 'comlink'
import type { WorkerHandle } from '../../src/engine/worker-handle'

/** Stands for worker threads: what they would expose is at the far end of a real MessageChannel. */
export interface ChannelWorkers {
  readonly spawn: () => WorkerHandle
  /** Workers started so far. */
  readonly started: () => number
  /** Makes the running one die without a word, as a worker does that ran out of memory. */
  readonly kill: (reason: string) => void
}

/** Workers that expose what `make` makes, a fresh one for each start. */
export function channelWorkers(make: () => object): ChannelWorkers {
  let started = 0
  let kill: (reason: string) => void = () => undefined
  return {
    spawn() {
      started += 1
      const { port1, port2 } = new MessageChannel()
      expose(make(), port2)
      const close = () => {
        port1.close()
        port2.close()
      }
      const lost = new Promise<string>((resolve) => {
        kill = (reason) => {
          close()
          resolve(reason)
        }
      })
      return { endpoint: port1, lost, watch: () => undefined, terminate: close }
    },
    started: () => started,
    kill: (reason) => {
      kill(reason)
    },
  }
}
