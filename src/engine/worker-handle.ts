import type { Endpoint } from 'comlink'

/** A worker that has been started. */
export interface WorkerHandle {
  readonly endpoint: Endpoint
  terminate(): void
  /** Resolves with the reason when the worker dies by itself or could not be started. */
  readonly lost: Promise<string>
  /** To be called once the worker has answered: only then can its death be told from its not having begun. */
  watch(): void
}

/** Starts a worker. */
export type Spawn = () => WorkerHandle
