import type { Endpoint } from 'comlink'

/** A worker that has been started. */
export interface WorkerHandle {
  readonly endpoint: Endpoint
  /** Resolves with the reason when the worker dies by itself or could not be started. */
  readonly lost: Promise<string>
  /** To be called once the worker has answered: only then can its death be told from its not having begun. */
  watch(): void
  terminate(): void
}

/** Starts a worker. */
export type Spawn = () => WorkerHandle

/**
 * Holds a worker that was started under a name of its own.
 *
 * [Note: Telling that a worker died] A worker that runs out of memory ends without an event. So the worker holds a Web Lock
 * under its name for as long as it lives, and the page asks for the same lock: it gets it when the worker is gone.
 */
export function holdWorker(worker: Worker, name: string): WorkerHandle {
  const watching = new AbortController()
  let lose: (reason: string) => void = () => undefined
  const lost = new Promise<string>((resolve) => {
    lose = resolve
  })
  worker.addEventListener('error', (event) => {
    lose(event.message || 'its script could not be loaded')
  })
  return {
    endpoint: worker,
    lost,
    watch() {
      const { signal } = watching
      navigator.locks
        .request(name, { signal }, () => {
          lose('it ended without a message, most likely for lack of memory')
        })
        .catch((error: unknown) => {
          // Given up because we ended the worker ourselves; anything else would leave its death unseen.
          if (!signal.aborted) throw error
        })
    },
    terminate() {
      watching.abort()
      worker.terminate()
    },
  }
}
