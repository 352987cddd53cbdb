import { expect, it } from 'vitest'
import { success } from '../../src/domain/outcome'
import type { GpuAdapter } from '../../src/engine/contract'
import type { EngineClient } from '../../src/engine/engine-client'
import { Backends } from '../../src/state/backends.svelte'
import { ModelLoader } from '../../src/state/model-loader.svelte'
import { Settings } from '../../src/state/settings.svelte'
import { SPEEDS_KEY, type SpeedsRecord } from '../../src/storage/speeds-record'
import { createWorkspace } from '../../src/storage/workspace'
import { createFakeEngine } from '../support/fake-engine'
import { MemoryStore } from '../support/memory-store'

const gpu: GpuAdapter = { name: 'nvidia ampere', isSoftware: false, hasHalfFloats: true }

interface Surroundings {
  readonly adapter?: GpuAdapter
  /** Milliseconds for all texts on each backend. */
  readonly webgpuMs?: number
  readonly wasmMs?: number
  readonly saved?: SpeedsRecord
}

/** Backends over an engine that takes as long as the test says. */
async function setUp({ adapter, webgpuMs = 1, wasmMs = 4, saved }: Surroundings) {
  const fake = createFakeEngine(adapter && { gpu: adapter })
  let backend = 'wasm'
  let runs = 0
  const loads: string[] = []
  const engine: EngineClient = {
    ...fake,
    load: async (request, options) => {
      backend = request.backend ?? 'wasm'
      loads.push(backend)
      return fake.load(request, options)
    },
    classify: async (request, options) => {
      runs += 1
      const outcome = await fake.classify(request, options)
      return outcome.ok
        ? success({ ...outcome.value, elapsedMs: backend === 'wasm' ? wasmMs : webgpuMs })
        : outcome
    },
  }
  const store = new MemoryStore()
  const workspace = createWorkspace(store, () => undefined)
  const settings = new Settings(workspace)
  const loader = new ModelLoader(engine, () => (settings.backend === 'webgpu' ? 'webgpu' : 'wasm'))
  const texts = ['a', 'b']
  const backends = new Backends({
    ...{ engine, settings, loader, workspace, saved, texts },
    isBusy: () => false,
  })
  await loader.ensure('nano')
  return { backends, loader, settings, store, loads, runs: () => runs }
}

it('auto answers on WASM, times both backends, keeps the faster and remembers it for the device', async () => {
  const { backends, loader, store, loads } = await setUp({ adapter: gpu })
  expect(loader.summary?.backend).toBe('wasm')
  await backends.consider('nano')
  expect(loader.summary).toMatchObject({ backend: 'webgpu' })
  expect(loads).toEqual(['wasm', 'webgpu'])
  expect(backends.speedOf('nano')).toEqual({ wasmMs: 2, webgpuMs: 0.5 })
  expect(await store.read(SPEEDS_KEY)).toMatchObject({
    speeds: { 'nano nvidia ampere': { wasmMs: 2, webgpuMs: 0.5 } },
  })
})

it('auto goes back to WASM where WebGPU is slower', async () => {
  const { backends, loader } = await setUp({ adapter: gpu, webgpuMs: 9 })
  await backends.consider('nano')
  expect(loader.summary?.backend).toBe('wasm')
})

it('auto times nothing that is remembered', async () => {
  const speeds = { 'nano nvidia ampere': { wasmMs: 2, webgpuMs: 1 } }
  const { backends, loader, runs } = await setUp({ adapter: gpu, saved: { version: 1, speeds } })
  await backends.consider('nano')
  expect(loader.summary?.backend).toBe('webgpu')
  expect(runs()).toBe(0)
})

it.each([
  ['a software adapter', { ...gpu, name: 'google swiftshader', isSoftware: true }],
  ['no adapter', undefined],
])('auto never leaves WASM for %s', async (_, adapter) => {
  const { backends, loader, runs } = await setUp(adapter ? { adapter } : {})
  await backends.consider('nano')
  expect(loader.summary?.backend).toBe('wasm')
  expect(runs()).toBe(0)
})

it('a pinned backend is taken at once, and auto then asks for none', async () => {
  const { backends, loader, settings, loads } = await setUp({ adapter: gpu })
  await backends.choose('webgpu', 'nano')
  expect(settings.backend).toBe('webgpu')
  expect(loader.summary?.backend).toBe('webgpu')
  await backends.choose('wasm', 'nano')
  await backends.consider('nano')
  expect(loads).toEqual(['wasm', 'webgpu', 'wasm'])
})
