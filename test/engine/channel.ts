import { createEngineClient } from '../../src/engine/client'
import type { Engine } from '../../src/engine/contract'
import type { EngineClient } from '../../src/engine/engine-client'
import { channelWorkers } from '../support/channel-worker'

/** A client and the engines it started, each at the far end of a real MessageChannel. */
export interface Connected {
  readonly client: EngineClient
  /** Engines started so far. */
  readonly started: () => number
  /** Makes the running engine die without a word, as a worker does that ran out of memory. */
  readonly kill: (reason: string) => void
}

/** Connects a client to engines that `makeEngine` makes, a fresh one for each start. */
export function connect(makeEngine: () => Engine): Connected {
  const { spawn, started, kill } = channelWorkers(makeEngine)
  return { client: createEngineClient({ spawn }), started, kill }
}

/** The value of an outcome, or a failed test. */
export function valueOf<T>(
  outcome: { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: object },
): T {
  if (outcome.ok) return outcome.value
  throw new Error(`Unexpected failure: ${JSON.stringify(outcome.error)}`)
}
