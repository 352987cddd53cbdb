import { proxy, wrap, type Remote } from 'comlink'
import { failure } from '../domain/outcome'
import type { Spawn } from '../engine/worker-handle'
import type { Store, StoredModelId, StoreOutcome, StoreProgress } from './contract'
import type { ProgressOptions, StoreClient } from './store-client'

interface RunningWorker {
  readonly store: Remote<Store>
  /** Resolves with a sentence when this worker is gone, by itself or ended by us. */
  readonly gone: Promise<string>
  /** To be called once it has answered. */
  heard(): void
  end(reason: string): void
}

export interface StoreSurroundings {
  readonly spawn: Spawn
  /** The page's `navigator.storage`: only a page may ask for persistence. */
  readonly storage: Pick<StorageManager, 'persist' | 'persisted'>
}

/** Makes the page's side of the store worker, which it starts when it is first needed. */
export function createStoreClient({ spawn, storage }: StoreSurroundings): StoreClient {
  let lastJob = 0
  let worker: RunningWorker | undefined

  function start(): RunningWorker {
    const handle = spawn()
    let settle: (reason: string) => void
    const gone = new Promise<string>((resolve) => {
      settle = resolve
    })
    let isWatched = false
    const started: RunningWorker = {
      store: wrap<Store>(handle.endpoint),
      gone,
      heard() {
        if (!isWatched) handle.watch()
        isWatched = true
      },
      end(reason) {
        handle.terminate()
        if (worker === started) worker = undefined
        settle(reason)
      },
    }
    void handle.lost.then((reason) => started.end(reason))
    return started
  }

  /** Asks the worker, and calls `stop` when the signal is aborted meanwhile. */
  async function call<T>(
    verb: (store: Remote<Store>, heard: () => void) => Promise<StoreOutcome<T>>,
    signal?: AbortSignal,
    stop?: (store: Remote<Store>) => void,
  ): Promise<StoreOutcome<T>> {
    if (signal?.aborted) return failure({ code: 'cancelled', message: 'Stopped as asked.' })
    const current = (worker ??= start())
    const onAbort = () => stop?.(current.store)
    signal?.addEventListener('abort', onAbort)
    const lost = current.gone.then((reason) =>
      failure({
        code: 'worker-lost',
        message: `The worker that stores models was ended, because ${reason}. What was stored is still there; try again.`,
      } as const),
    )
    try {
      const outcome = await Promise.race([verb(current.store, () => current.heard()), lost])
      if (outcome.ok || outcome.error.code !== 'worker-lost') current.heard()
      return outcome
    } finally {
      signal?.removeEventListener('abort', onAbort)
    }
  }

  /** What is handed to the worker: a first sign of life makes it watched. */
  const reporter = (heard: () => void, onProgress: ProgressOptions['onProgress']) =>
    proxy((progress: StoreProgress) => {
      heard()
      onProgress?.(progress)
    })

  /** A job that an aborted signal cancels. */
  const job = <T>(
    verb: (
      store: Remote<Store>,
      id: string,
      onProgress: (progress: StoreProgress) => void,
    ) => Promise<StoreOutcome<T>>,
    { signal, onProgress }: ProgressOptions = {},
  ): Promise<StoreOutcome<T>> => {
    const id = String((lastJob += 1))
    return call(
      (store, heard) => verb(store, id, reporter(heard, onProgress)),
      signal,
      (store) => void store.cancel(id),
    )
  }

  /** A download that an aborted signal pauses: what arrived is not lost. */
  const download = (
    model: StoredModelId,
    verb: (
      store: Remote<Store>,
      onProgress: (progress: StoreProgress) => void,
    ) => ReturnType<Store['resume']>,
    { signal, onProgress }: ProgressOptions = {},
  ): ReturnType<Store['resume']> =>
    call(
      (store, heard) => verb(store, reporter(heard, onProgress)),
      signal,
      (store) => void store.pause(model),
    )

  return {
    inspect: (place, options) => job((store, id) => store.inspect(id, place), options),
    download: (request, options) =>
      download(request.choice.model, (store, onProgress) => store.download(request, onProgress), options),
    resume: (model, options) =>
      download(model, (store, onProgress) => store.resume(model, onProgress), options),
    // Also when no worker runs here: the download may run in another tab.
    pause: (model) => (worker ??= start()).store.pause(model),
    list: () => call((store) => store.list()),
    async usage() {
      const [outcome, isPersisted] = await Promise.all([call((store) => store.usage()), storage.persisted()])
      return outcome.ok ? { ok: true, value: { ...outcome.value, isPersisted } } : outcome
    },
    persist: () => storage.persist(),
    remove: (model) => call((store) => store.remove(model)),
    removeAll: () => call((store) => store.removeAll()),
    verify: (model, options) => job((store, id, onProgress) => store.verify(id, model, onProgress), options),
    exportModel: (model, options) =>
      job((store, id, onProgress) => store.exportModel(id, model, onProgress), options),
    importModel: (file, options) =>
      job((store, id, onProgress) => store.importModel(id, file, onProgress), options),
    close: () => worker?.end('it was closed'),
  }
}
