import type { Files } from '../../src/files/contract'
import { createFilesClient } from '../../src/files/client'
import type { FilesClient } from '../../src/files/files-client'
import { channelWorkers } from '../support/channel-worker'
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
  const { spawn, started, kill } = channelWorkers(make)
  const client = createFilesClient(silenceMs === undefined ? { spawn } : { spawn, silenceMs })
  return { client, started, kill }
}
