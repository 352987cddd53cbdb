import { failure } from '../domain/outcome'
import type { AdapterName, PutAdapter } from './adapters'
import { DID_NOT_STOP, type ClosableEngineClient } from './client'
import type { EngineError, EngineOutcome } from './contract'
import type { EngineClient, LoadOptions } from './engine-client'
import type { LoadRequest, ModelSummary } from './contract'

export interface BackendsParts {
  readonly wasm: EngineClient
  /** Starts another worker for WebGPU; called when a model is first asked for there. */
  readonly startWebGpu: () => ClosableEngineClient
}

/** What ends WebGPU for the rest of a visit; anything else would fail on WASM as well. */
const isOfBackend = ({ code }: EngineError): boolean =>
  ['backend-lost', 'runtime', 'out-of-memory', 'worker-lost'].includes(code)

const asClause = (sentence: string): string => sentence.replace(/\.$/, '')

/**
 * One engine over two workers: each model is served by the worker of the backend that it was loaded for last.
 *
 * [Note: A worker for each backend] The first prediction is WASM's, from the smallest of the three builds; WebGPU needs another
 * build, which a worker cannot exchange for its own. So it has a worker of its own, started when it is first asked for and
 * ended when no model is on it. Whatever goes wrong there, WASM still stands: WebGPU is given up with a reason that goes with
 * every result, and what was being asked is answered `backend-lost` or, where nothing was handed over yet, by WASM.
 */
export function createBackendsClient({ wasm, startWebGpu }: BackendsParts): EngineClient {
  const listeners = new Set<(reason: string) => void>()
  const onWebGpu = new Set<string>()
  /** By model, why it is on WASM although WebGPU was asked for. */
  const fallbacks = new Map<string, string>()
  /** By model, those that were put on it, which come along to another backend. */
  const adapters = new Map<string, readonly PutAdapter[]>()
  let webGpu: ClosableEngineClient | undefined
  let trouble: string | undefined
  let running = 0

  const tell = (reason: string) => {
    for (const listener of listeners) listener(reason)
  }

  function openWebGpu(): ClosableEngineClient {
    const client = startWebGpu()
    client.onLost((reason) => {
      if (client !== webGpu) return
      if (reason === DID_NOT_STOP) {
        onWebGpu.clear()
        tell(reason)
      } else giveUp(reason)
    })
    return client
  }

  /** Tells of it where a model was in use; a load that fails is told by its own answer. */
  function giveUp(reason: string): string {
    trouble ??= `WebGPU was given up: ${asClause(reason)}. WASM goes on.`
    const wasInUse = onWebGpu.size > 0
    onWebGpu.clear()
    closeWebGpu()
    if (wasInUse) tell(`${asClause(reason)}; WASM goes on in the place of WebGPU`)
    return trouble
  }

  function closeWebGpu(): void {
    const client = webGpu
    webGpu = undefined
    client?.close()
  }

  async function loadForWasm(
    request: LoadRequest,
    options: LoadOptions | undefined,
    fallback: string | undefined,
  ): Promise<EngineOutcome<ModelSummary>> {
    const put = adapters.get(request.model)
    const outcome = await wasm.load({ ...request, ...(put && { adapters: put }) }, options)
    if (!outcome.ok) return outcome
    onWebGpu.delete(request.model)
    if (fallback === undefined) fallbacks.delete(request.model)
    else fallbacks.set(request.model, fallback)
    if (onWebGpu.size === 0 && running === 0) closeWebGpu()
    return withFallback(request.model, outcome)
  }

  function withFallback<T>(model: string, outcome: EngineOutcome<T>): EngineOutcome<T> {
    const fallback = fallbacks.get(model)
    return outcome.ok && fallback !== undefined
      ? { ok: true, value: { ...outcome.value, fallback } }
      : outcome
  }

  async function load(request: LoadRequest, options?: LoadOptions): Promise<EngineOutcome<ModelSummary>> {
    if (request.adapters) adapters.set(request.model, request.adapters)
    if (request.backend !== 'webgpu') return loadForWasm(request, options, undefined)
    if (options?.isRetry) trouble = undefined
    if (trouble === undefined) {
      const client = (webGpu ??= openWebGpu())
      const outcome = await client.load(request, options)
      if (outcome.ok) {
        onWebGpu.add(request.model)
        fallbacks.delete(request.model)
        return outcome
      }
      if (outcome.error.code === 'backend-unsuited')
        return loadForWasm({ model: request.model, backend: 'wasm' }, options, outcome.error.message)
      if (!isOfBackend(outcome.error)) return outcome
      giveUp(outcome.error.message)
    }
    // In the format that suits WASM, which need not be the one that was asked for.
    return loadForWasm({ model: request.model, backend: 'wasm' }, options, trouble)
  }

  /** Asks the worker that has the model; what fails there for reasons of WebGPU is answered `backend-lost`. */
  async function ask<T>(
    model: string,
    verb: (client: EngineClient) => Promise<EngineOutcome<T>>,
  ): Promise<EngineOutcome<T>> {
    const client = onWebGpu.has(model) ? webGpu : undefined
    if (!client) return verb(wasm)
    running += 1
    try {
      const outcome = await verb(client)
      if (outcome.ok || !isOfBackend(outcome.error)) return outcome
      return failure({ code: 'backend-lost', message: trouble ?? giveUp(outcome.error.message) })
    } finally {
      running -= 1
      if (onWebGpu.size === 0 && running === 0) closeWebGpu()
    }
  }

  /** As {@link ask}, for what can simply be asked again: on WASM. */
  async function askAgain<T>(
    model: string,
    verb: (client: EngineClient) => Promise<EngineOutcome<T>>,
  ): Promise<EngineOutcome<T>> {
    const outcome = await ask(model, verb)
    if (outcome.ok || outcome.error.code !== 'backend-lost') return outcome
    const loaded = await loadForWasm({ model }, undefined, trouble)
    return loaded.ok ? verb(wasm) : loaded
  }

  const others = ({ model, adapter }: AdapterName): readonly PutAdapter[] =>
    (adapters.get(model) ?? []).filter((each) => each.adapter !== adapter)

  return {
    survey: () => wasm.survey(),
    findGpu: () => wasm.findGpu(),
    load,
    classify: async (request, options) =>
      withFallback(request.model, await ask(request.model, (client) => client.classify(request, options))),
    inspect: (request) => askAgain(request.model, (client) => client.inspect(request)),
    explain: (request, options) => askAgain(request.model, (client) => client.explain(request, options)),
    learn: (request, options) => askAgain(request.model, (client) => client.learn(request, options)),
    async addAdapter(request) {
      const outcome = await ask(request.model, (client) => client.addAdapter(request))
      const { adapter, origin } = request
      if (outcome.ok) adapters.set(request.model, [...others(request), { adapter, origin }])
      return withFallback(request.model, outcome)
    },
    async removeAdapter(request) {
      const outcome = await ask(request.model, (client) => client.removeAdapter(request))
      if (outcome.ok) adapters.set(request.model, others(request))
      return withFallback(request.model, outcome)
    },
    exportModel: (request, options) => ask(request.model, (client) => client.exportModel(request, options)),
    async free(model) {
      fallbacks.delete(model)
      adapters.delete(model)
      const isLast = onWebGpu.delete(model) && onWebGpu.size === 0 && running === 0
      if (isLast) closeWebGpu()
      await Promise.all([wasm.free(model), webGpu?.free(model)])
    },
    onLost(listener) {
      const stop = wasm.onLost(listener)
      listeners.add(listener)
      return () => {
        stop()
        listeners.delete(listener)
      }
    },
    restart() {
      trouble = undefined
      onWebGpu.clear()
      closeWebGpu()
      return wasm.restart()
    },
  }
}
