import { expose } from 'comlink'
import type { Files } from '../../src/files/contract'
import { createFilesClient } from '../../src/files/client'
import type { FilesClient } from '../../src/files/files-client'
import type { WorkerHandle } from '../../src/engine/worker-handle'
import { createFiles } from '../../workers/files/files'

/** A client and the readers it started, each at the far end of a real MessageChannel. */
export interface Connected {
  readonly client: FilesClient
  /** Workers started so far. */
  readonly started: () => number
  /** Makes the running worker die without a word. */
  readonly kill: (reason: string) => void
}

/** Connects a client to what `make` makes, a fresh one for each start. */
export function connect(
  make: () => Files = () => createFiles(() => performance.now()),
  silenceMs?: number,
): Connected {
  let started = 0
  let kill: (reason: string) => void = () => undefined
  const spawn = (): WorkerHandle => {
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
  }
  const client = createFilesClient(silenceMs === undefined ? { spawn } : { spawn, silenceMs })
  return { client, started: () => started, kill: (reason) => kill(reason) }
}
