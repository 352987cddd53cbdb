import { expect, it } from 'vitest'
import { failure, success } from '../../src/domain/outcome'
import { createBackendsClient } from '../../src/engine/backends-client'
import type { ClosableEngineClient } from '../../src/engine/client'
import type { EngineError, LoadRequest } from '../../src/engine/contract'
import { createFakeEngine, FINANCE_TASK } from '../support/fake-engine'

const forWebGpu: LoadRequest = { model: 'nano', numberFormat: 'int8-weights', backend: 'webgpu' }
const forWasm: LoadRequest = { model: 'nano', numberFormat: 'int8' }
const request = {
  model: 'nano',
  task: FINANCE_TASK,
  mode: { kind: 'fine-tuned', adapter: 'finance' },
  texts: ['a'],
} as const

/** Both backends as fakes; the one of WebGPU can be told how to fail. */
function setUp() {
  const answered: string[] = []
  const loads: LoadRequest[] = []
  const noting = (name: string) => {
    const engine = createFakeEngine()
    return {
      ...engine,
      load: async (...asked: Parameters<typeof engine.load>) => {
        loads.push(asked[0])
        return engine.load(...asked)
      },
      classify: async (...asked: Parameters<typeof engine.classify>) => {
        answered.push(name)
        return engine.classify(...asked)
      },
    }
  }
  const fails: {
    load?: EngineError
    inspect?: EngineError
    classify?: EngineError
    lose?: (reason: string) => void
  } = {}
  let started = 0
  let closed = 0
  const startWebGpu = (): ClosableEngineClient => {
    started += 1
    const engine = noting('webgpu')
    return {
      ...engine,
      load: async (...asked) => (fails.load ? failure(fails.load) : engine.load(...asked)),
      inspect: async (...asked) => (fails.inspect ? failure(fails.inspect) : engine.inspect(...asked)),
      classify: async (...asked) => (fails.classify ? failure(fails.classify) : engine.classify(...asked)),
      onLost(listener) {
        fails.lose = listener
        return () => undefined
      },
      close: () => (closed += 1),
    }
  }
  const client = createBackendsClient({ wasm: noting('wasm'), startWebGpu })
  const told: string[] = []
  client.onLost((reason) => told.push(reason))
  return { client, answered, loads, fails, told, started: () => started, closed: () => closed }
}

it('takes a model to WASM that cannot run on WebGPU, which others still can', async () => {
  const { client, answered, fails, closed } = setUp()
  await client.load({ ...forWebGpu, model: 'mini' })
  fails.load = { code: 'backend-unsuited', message: 'nano runs on WASM only.' }
  const loaded = await client.load(forWebGpu)
  expect(loaded).toMatchObject({ ok: true, value: { model: 'nano', fallback: 'nano runs on WASM only.' } })
  await client.classify(request)
  await client.classify({ ...request, model: 'mini' })
  expect(answered).toEqual(['wasm', 'webgpu'])
  expect(closed()).toBe(0)
})

it('starts nothing for WebGPU before it is asked for, and ends it when no model is on it', async () => {
  const { client, answered, started, closed } = setUp()
  await client.load(forWasm)
  await client.classify(request)
  expect(started()).toBe(0)
  await client.load(forWebGpu)
  await client.classify(request)
  expect(answered).toEqual(['wasm', 'webgpu'])
  await client.load(forWasm)
  expect(closed()).toBe(1)
  await client.classify(request)
  expect(answered).toEqual(['wasm', 'webgpu', 'wasm'])
})

it('answers a load that WebGPU fails by WASM, says why with every result, and tries again only when asked', async () => {
  const { client, fails, started } = setUp()
  fails.load = { code: 'backend-lost', message: 'This browser offers no graphics device for WebGPU.' }
  const fallback = 'WebGPU was given up: This browser offers no graphics device for WebGPU. WASM goes on.'
  expect(await client.load(forWebGpu)).toMatchObject({
    ok: true,
    value: { backend: 'wasm', numberFormat: 'int8', fallback },
  })
  expect(await client.classify(request)).toMatchObject({ ok: true, value: { fallback } })
  delete fails.load
  expect(await client.load(forWebGpu)).toMatchObject({ ok: true, value: { backend: 'wasm', fallback } })
  expect(started()).toBe(1)
  const again = await client.load(forWebGpu, { isRetry: true })
  expect(again).toMatchObject({ ok: true, value: { backend: 'webgpu' } })
  expect(again).not.toHaveProperty('value.fallback')
})

it('takes the adapters of a model along to WASM, those that were added since it was loaded too', async () => {
  const { client, fails, loads } = setUp()
  const put = (name: string) => ({ adapter: name, origin: { kind: 'stored', model: `hub:${name}` } }) as const
  await client.load({ ...forWebGpu, adapters: [put('a'), put('b')] })
  await client.addAdapter({ model: 'nano', ...put('c') })
  await client.removeAdapter({ model: 'nano', adapter: 'a' })
  fails.inspect = { code: 'runtime', message: 'It broke.' }
  expect(await client.inspect({ ...request, text: 'a' })).toMatchObject(success({}))
  expect(loads.at(-1)).toEqual({ model: 'nano', adapters: [put('b'), put('c')] })
})

it('passes on what is not the fault of the backend', async () => {
  const { client, fails } = setUp()
  fails.load = { code: 'model-unavailable', message: 'Not there.' }
  expect(await client.load(forWebGpu)).toEqual(failure(fails.load))
})

it.each(['runtime', 'out-of-memory', 'worker-lost'] as const)(
  'answers a load that ends in %s on WebGPU by WASM, in the format that suits it',
  async (code) => {
    const { client, fails, closed } = setUp()
    fails.load = { code, message: 'Failed to create GPU buffer: size=9.' }
    const fallback = 'WebGPU was given up: Failed to create GPU buffer: size=9. WASM goes on.'
    expect(await client.load({ ...forWebGpu, numberFormat: 'int4-weights' })).toMatchObject({
      ok: true,
      value: { backend: 'wasm', numberFormat: 'int8', fallback },
    })
    expect(closed()).toBe(1)
  },
)

it('lets a model go on both backends, and ends the worker of WebGPU with its last one', async () => {
  const { client, closed } = setUp()
  await client.load(forWebGpu)
  await client.free('another')
  expect(closed()).toBe(0)
  await client.free('nano')
  expect(closed()).toBe(1)
})

it.each(['runtime', 'out-of-memory', 'worker-lost'] as const)(
  'answers backend-lost for a run that ends in %s on WebGPU, and tells of it',
  async (code) => {
    const { client, fails, told } = setUp()
    await client.load(forWebGpu)
    fails.classify = { code, message: 'It broke.' }
    expect(await client.classify(request)).toMatchObject({ ok: false, error: { code: 'backend-lost' } })
    expect(told).toEqual(['It broke; WASM goes on in the place of WebGPU'])
    expect(await client.load(forWebGpu)).toMatchObject({ ok: true, value: { backend: 'wasm' } })
    expect(await client.classify(request)).toMatchObject({ ok: true, value: { backend: 'wasm' } })
  },
)

it('tells of a device that is lost while nothing runs, and explains on WASM what was asked of it', async () => {
  const { client, fails, told } = setUp()
  await client.load(forWebGpu)
  fails.lose?.('the graphics device was lost')
  expect(told).toEqual(['the graphics device was lost; WASM goes on in the place of WebGPU'])
  expect(await client.load(forWebGpu)).toMatchObject({ ok: true, value: { backend: 'wasm' } })
  expect(await client.inspect({ ...request, text: 'a' })).toMatchObject(success({}))
})
