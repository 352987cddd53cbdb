import type { WorkerHandle } from './worker-handle'

/**
 * Starts the engine worker.
 *
 * [Note: Telling that a worker died] A worker that runs out of memory ends without an event. So the worker holds a Web Lock
 * under its name for as long as it lives, and the page asks for the same lock: it gets it when the worker is gone.
 */
export function spawnEngineWorker(): WorkerHandle {
  const name = `smallcap engine ${crypto.randomUUID()}`
  const worker = new Worker(new URL('../../workers/engine.worker.ts', import.meta.url), {
    type: 'module',
    name,
  })
  const watching = new AbortController()
  let lose: (reason: string) => void
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
        .catch(() => undefined) // the request was given up because we ended the worker ourselves
    },
    terminate() {
      watching.abort()
      worker.terminate()
    },
  }
}
