import { proxy, wrap, type Remote } from 'comlink'
import { failure } from '../domain/outcome'
import type { Engine, EngineError, EngineOutcome, JobId } from './contract'
import type { EngineClient } from './engine-client'
import type { Spawn, WorkerHandle } from './worker-handle'

/** How long a stopped job may go on before its worker is ended: ONNX Runtime cannot be interrupted inside a run. */
const stopGraceMs = 1000

/** A worker that was lost before it ever answered is started again so many times; more would not help. */
const maxFailedStarts = 3

/** A message is copied while the page waits: so many texts take a millisecond or two, whatever the run's length. */
const textsAtOnce = 2000

const cancelled: EngineError = { code: 'cancelled', message: 'Stopped as asked.' }

interface RunningWorker {
  readonly handle: WorkerHandle
  readonly engine: Remote<Engine>
  /** Resolves when this worker is gone, by itself or ended by us. */
  readonly gone: Promise<EngineOutcome<never>>
  end(message: string): void
}

/** A client whose worker can be ended for good, and so be measured by itself. */
export interface ClosableEngineClient extends EngineClient {
  /** Bytes of ONNX Runtime's heap in its worker, see the contract. */
  heapBytes(): Promise<EngineOutcome<number>>
  /** Every verb answers `worker-lost` from then on. */
  close(): void
}

/** The reason told for a worker that was ended because it went on after it was told to stop. */
export const DID_NOT_STOP = 'it did not stop in time'

interface CallManner {
  /** The verb runs texts; else a model that does not fit says nothing of those that do. */
  readonly isRun?: boolean
  /** A stopped job may take its time: its worker is not ended for it. */
  readonly isPatient?: boolean
}

/** Makes the page's side of the engine: starts the worker, and starts it again when it dies. */
export function createEngineClient({ spawn }: { readonly spawn: Spawn }): ClosableEngineClient {
  const listeners = new Set<(reason: string) => void>()
  let lastJob = 0
  let failedStarts = 0
  let isMemoryShort = false
  const loaded = new Set<string>()
  let running = 0
  /** Its last model was let go. */
  let isSpent = false
  let worker = start()

  function start(): RunningWorker {
    const handle = spawn()
    const engine = wrap<Engine>(handle.endpoint)
    let settle: (outcome: EngineOutcome<never>) => void
    const gone = new Promise<EngineOutcome<never>>((resolve) => {
      settle = resolve
    })
    const started: RunningWorker = {
      handle,
      engine,
      gone,
      end(message) {
        handle.terminate()
        settle(failure({ code: 'worker-lost', message }))
      },
    }
    void handle.lost.then((reason) => {
      lose(started, reason)
    })
    void engine.untilLost().then((reason) => {
      lose(started, reason)
    })
    void engine.survey().then(() => {
      failedStarts = 0
      handle.watch()
    })
    return started
  }

  /**
   * [Note: Memory comes back with a worker] The memory of WebAssembly grows and never shrinks, and in one worker it went on
   * growing, by 3 MB for every time that two models were loaded and let go. So a worker whose last model was let go is exchanged
   * for a new one as soon as nothing runs in it.
   */
  function renewIfSpent(): void {
    if (!isSpent || running > 0) return
    isSpent = false
    if (loaded.size > 0) return
    worker.end('The engine was restarted to give its memory back.')
    worker = start()
  }

  function lose(lostWorker: RunningWorker, reason: string): void {
    if (lostWorker !== worker) return
    loaded.clear()
    failedStarts += 1
    if (failedStarts < maxFailedStarts) {
      lostWorker.end(`The engine was restarted: ${reason}.`)
      worker = start()
    } else {
      // It stays in its place, gone, and so answers every verb, until a restart is asked for.
      lostWorker.end(`The engine could not be started: ${reason}. Reload the page.`)
    }
    for (const listener of listeners) listener(reason)
  }

  async function call<T>(
    verb: (engine: Remote<Engine>, job: JobId) => Promise<EngineOutcome<T>>,
    signal?: AbortSignal,
    { isRun = true, isPatient = false }: CallManner = {},
  ): Promise<EngineOutcome<T>> {
    if (signal?.aborted) return failure(cancelled)
    const current = worker
    const job = String((lastJob += 1))
    let timer: ReturnType<typeof setTimeout> | undefined
    const stop = () => {
      void current.engine.cancel(job)
      if (isPatient) return
      timer = setTimeout(() => {
        lose(current, DID_NOT_STOP)
      }, stopGraceMs)
    }
    signal?.addEventListener('abort', stop)
    running += 1
    try {
      const outcome = await Promise.race([verb(current.engine, job), current.gone])
      if (!outcome.ok && outcome.error.code === 'out-of-memory') {
        // ONNX Runtime does not give back what failed so: whatever came next would fail, too.
        isMemoryShort ||= isRun
        lose(current, 'it ran out of memory')
      }
      return signal?.aborted && !outcome.ok ? failure(cancelled) : outcome
    } finally {
      signal?.removeEventListener('abort', stop)
      clearTimeout(timer)
      running -= 1
      renewIfSpent()
    }
  }

  return {
    survey: async () => {
      const { engine, gone } = worker
      return Promise.race([engine.survey().then((value) => ({ ok: true, value }) as const), gone])
    },
    findGpu: async () => {
      const { engine, gone } = worker
      return Promise.race([engine.findGpu().then((value) => ({ ok: true, value }) as const), gone])
    },
    load: (request, { signal, onProgress } = {}) =>
      call(
        async (engine, job) => {
          const outcome = await engine.load(
            job,
            { ...request, isMemoryShort },
            proxy((progress) => onProgress?.(progress)),
          )
          if (outcome.ok) loaded.add(request.model)
          return outcome
        },
        signal,
        { isRun: false },
      ),
    classify: (request, { signal, isPatient = false, onResults } = {}) =>
      call(
        async (engine, job) => {
          let at = 0
          for (; request.texts.length - at > textsAtOnce; at += textsAtOnce) {
            await engine.handOver(job, request.texts.slice(at, at + textsAtOnce))
            if (signal?.aborted) return failure(cancelled)
          }
          return engine.classify(
            job,
            { ...request, texts: request.texts.slice(at) },
            proxy((results) => onResults?.(results)),
          )
        },
        signal,
        { isPatient },
      ),
    inspect: (request) => call((engine, job) => engine.inspect(job, request)),
    explain: (request, { signal } = {}) => call((engine, job) => engine.explain(job, request), signal),
    learn: (request, { signal } = {}) => call((engine, job) => engine.learn(job, request), signal),
    addAdapter: (request) =>
      call((engine, job) => engine.addAdapter(job, request), undefined, { isRun: false }),
    removeAdapter: (request) => call((engine, job) => engine.removeAdapter(job, request)),
    exportModel: (request, { signal, onPiece }) =>
      call(
        (engine, job) =>
          engine.exportModel(
            job,
            request,
            proxy((piece) => onPiece(piece)),
          ),
        signal,
        {
          isRun: false,
          isPatient: true,
        },
      ),
    free: async (model) => {
      const { engine, gone } = worker
      // With a worker its models are gone as well.
      await Promise.race([engine.free(model), gone])
      isSpent ||= loaded.delete(model) && loaded.size === 0
      renewIfSpent()
    },
    onLost(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    restart() {
      failedStarts = 0
      isMemoryShort = false
      lose(worker, 'it was restarted by hand')
      return Promise.resolve()
    },
    heapBytes: async () => {
      const { engine, gone } = worker
      return Promise.race([engine.heapBytes().then((value) => ({ ok: true, value }) as const), gone])
    },
    close() {
      worker.end('The engine was closed.')
    },
  }
}
