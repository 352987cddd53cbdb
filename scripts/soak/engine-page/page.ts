/** The engine's client and workers as the page has them, without the page. */
import type { Mode } from '../../../src/domain/task'
import { createBackendsClient } from '../../../src/engine/backends-client'
import { createEngineClient } from '../../../src/engine/client'
import type { Backend, EngineOutcome, ModelSummary } from '../../../src/engine/contract'
import { holdWorker } from '../../../src/engine/worker-handle'
import type { CycleRequest } from './contract'

function open(backend: Backend) {
  const spawn = () => {
    const name = `smallcap ${backend} engine ${crypto.randomUUID()}`
    const worker = new Worker(new URL('../../../workers/engine.worker.ts', import.meta.url), {
      type: 'module',
      name,
    })
    return holdWorker(worker, name)
  }
  return createEngineClient({ spawn })
}

const engine = createBackendsClient({ wasm: open('wasm'), startWebGpu: () => open('webgpu') })

function valueOf<T>(outcome: EngineOutcome<T>): T {
  if (outcome.ok) return outcome.value
  throw new Error(`${outcome.error.code}: ${outcome.error.message}`)
}

async function cycle({ models, backend, texts, rounds }: CycleRequest): Promise<void> {
  for (let round = 0; round < rounds; round += 1) {
    const loaded: ModelSummary[] = []
    for (const model of models) loaded.push(valueOf(await engine.load({ model, backend })))
    for (const { model, task, adapters, fallback } of loaded) {
      if (fallback !== undefined) throw new Error(fallback)
      const tuned = adapters.map((adapter): Mode => ({ kind: 'fine-tuned', adapter }))
      for (const mode of [...tuned, { kind: 'zero-shot' } as const])
        valueOf(await engine.classify({ model, task, mode, texts }))
    }
    for (const { model } of loaded) await engine.free(model)
  }
}

globalThis.enginePage = { cycle, findGpu: async () => valueOf(await engine.findGpu()) }
