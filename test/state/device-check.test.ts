import { expect, it } from 'vitest'
import { failure, success } from '../../src/domain/outcome'
import type { ClosableEngineClient } from '../../src/engine/client'
import type { Backend } from '../../src/engine/contract'
import { DeviceCheck } from '../../src/state/device-check.svelte'
import { createFakeEngine } from '../support/fake-engine'

const about = { version: '0.1.0', runtime: '1.31.0', userAgent: 'a browser', processors: 2 }
const gpu = { name: 'acme gpu', isSoftware: true, hasHalfFloats: false }

const NANO = {
  model: 'nano',
  backends: ['wasm', 'webgpu'],
  numberFormats: ['fp32', 'int8-weights', 'int8'],
  adapters: ['finance'],
} as const

function setUp(verbs: (backend: Backend) => Partial<ClosableEngineClient> = () => ({})) {
  const opened: Backend[] = []
  const closed: Backend[] = []
  const check = new DeviceCheck({
    openEngine: (backend) => {
      opened.push(backend)
      return { ...createFakeEngine({ gpu }), close: () => closed.push(backend), ...verbs(backend) }
    },
    texts: ['one', 'two'],
    about,
  })
  return { check, opened, closed }
}
const kinds = (check: DeviceCheck) =>
  check.rows.map(({ backend, numberFormat, outcome }) => `${backend} ${numberFormat} ${outcome.kind}`)

it('measures every backend in every format, in engines of its own that are closed again', async () => {
  const { check, opened, closed } = setUp()
  await check.start(NANO)
  expect(kinds(check)).toEqual([
    'wasm fp32 measured',
    'wasm int8-weights measured',
    'wasm int8 measured',
    'webgpu fp32 measured',
    'webgpu int8-weights measured',
  ])
  expect(
    check.rows.every(({ outcome }) => outcome.kind === 'measured' && outcome.found.equalLabels === 1),
  ).toBe(true)
  expect([opened, closed]).toEqual([
    ['wasm', 'webgpu'],
    ['wasm', 'webgpu'],
  ])
  expect(check.isRunning).toBe(false)
  const facts = Object.fromEntries(check.facts)
  expect(facts['graphics device']).toBe('acme gpu, computed on the processor, without 16-bit floats')
  expect(facts['weights (SHA-256)']).toMatch(/^b{64}\+f{64}$/)
})

it('allows rounding only where there is any: of activations, and of what an adapter makes of quantised weights', async () => {
  const { check } = setUp()
  const approximate = () =>
    check.rows.filter((row) => row.isApproximate).map((row) => `${row.backend} ${row.numberFormat}`)
  await check.start(NANO)
  expect(approximate()).toEqual(['wasm int8-weights', 'wasm int8', 'webgpu int8-weights'])
  await check.start({ ...NANO, adapters: [] })
  expect(approximate()).toEqual(['wasm int8'])
})

it('says what a backend or a format could not do, and goes on with the others', async () => {
  const { check } = setUp((backend) =>
    backend === 'webgpu'
      ? { findGpu: async () => success(undefined) }
      : {
          load: async (request) =>
            request.numberFormat === 'int8'
              ? failure({ code: 'runtime', message: 'It does not compile.' })
              : createFakeEngine().load(request),
        },
  )
  await check.start(NANO)
  expect(
    check.rows.map(({ outcome }) => (outcome.kind === 'failed' ? outcome.reason : outcome.kind)),
  ).toEqual([
    'measured',
    'measured',
    'It does not compile.',
    'this browser offers no graphics device',
    'this browser offers no graphics device',
  ])
})

it('stops where it is told to, and can begin again', async () => {
  const { check, closed } = setUp(() => ({
    load: async (request, options) => {
      if (request.numberFormat === 'int8-weights' && !again) check.stop()
      if (options?.signal?.aborted) return failure({ code: 'cancelled', message: 'Stopped.' })
      return createFakeEngine().load(request)
    },
  }))
  let again = false
  await check.start(NANO)
  expect(kinds(check).slice(0, 3)).toEqual([
    'wasm fp32 measured',
    'wasm int8-weights stopped',
    'wasm int8 stopped',
  ])
  expect(closed).toEqual(['wasm'])
  again = true
  await check.start(NANO)
  expect(kinds(check).every((row) => row.endsWith('measured'))).toBe(true)
})
