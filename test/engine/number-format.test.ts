import { cp, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { convertModel } from '../../scripts/convert/convert-model'
import { createNodeEngine } from '../../scripts/node/node-engine'
import type { Engine, NumberFormat } from '../../src/engine/contract'
import { SAMPLE_LINES } from '../../src/samples/sample-lines'
import { EngineFailure } from '../../workers/engine/engine-failure'
import { kernelsFor, suitableFormat } from '../../workers/engine/number-format'
import { ModelFormatError } from '../../workers/formats/format-error'
import { valueOf } from './channel'

let room: string
let engine: Engine

/** nano in every format, under the format's name. */
beforeAll(async () => {
  room = await mkdtemp(join(tmpdir(), 'formats-'))
  const source = join(room, 'original')
  await cp('test/fixtures/nano-fp32', source, { recursive: true })
  await cp('public/models/smallcap-t5-nano/task.json', join(source, 'task.json'))
  for (const format of ['int8', 'int4', 'fp16'] as const)
    await convertModel({ source, out: join(room, format), format })
  engine = createNodeEngine(room, 1)
})

afterAll(() => rm(room, { recursive: true }))

const load = (model: string, numberFormat?: NumberFormat) =>
  engine.load('load', { model, ...(numberFormat && { numberFormat }) }, () => undefined)

async function probabilities(model: string): Promise<number[]> {
  const { task } = valueOf(await load(model))
  const found: number[] = []
  const request = { model, task, mode: { kind: 'zero-shot' }, texts: SAMPLE_LINES } as const
  valueOf(
    await engine.classify('run', request, (some) => {
      for (const result of some) found.push(...result.probabilities)
    }),
  )
  return found
}

const most = (a: readonly number[], b: readonly number[]): number =>
  a.reduce((far, value, i) => Math.max(far, Math.abs(value - (b[i] ?? NaN))), 0)

describe('a model loaded without naming a number format', () => {
  it.each([
    ['int8', 'int8'],
    ['int4', 'int4-weights'],
    ['fp16', 'fp32'],
    ['original', 'fp32'],
  ] as const)('%s runs in %s on WASM', async (model, numberFormat) => {
    expect(valueOf(await load(model))).toMatchObject({ numberFormat, backend: 'wasm' })
    await engine.free(model)
  })
})

it.each([
  ['int4', 'int4-weights', 0.15],
  ['fp16', 'fp16-weights', 0.002],
] as const)(
  'a %s pack gives in %s what its weights give in fp32, and nearly what the original gives',
  async (model, numberFormat, loss) => {
    valueOf(await load(model, numberFormat))
    const found = await probabilities(model)
    valueOf(await load(model, 'fp32'))
    expect(most(found, await probabilities(model))).toBeLessThan(1e-4)
    const original = await probabilities('original')
    expect(found).toHaveLength(original.length)
    expect(most(found, original)).toBeLessThan(loss)
    await Promise.all(['original', model].map((name) => engine.free(name)))
  },
)

it.each([
  ['int4', 'int8', 'expected an int8 pack for int8, found a 4-bit pack'],
  ['int8', 'int4-weights', 'expected a 4-bit pack for int4-weights, found an int8 pack'],
  ['original', 'fp16-weights', 'expected 16-bit floats for fp16-weights, found 32-bit floats'],
] as const)('says that %s weights cannot be run in %s', async (model, numberFormat, message) => {
  const outcome = await load(model, numberFormat)
  expect(outcome).toMatchObject({ ok: false, error: { code: 'invalid-model' } })
  expect(outcome.ok ? '' : outcome.error.message).toContain(message)
})

describe('on WebGPU', () => {
  const plain = { backend: 'webgpu', hasHalfFloats: false } as const
  const withHalves = { backend: 'webgpu', hasHalfFloats: true } as const

  it('weights alone are quantised, and halves are halves where the device has them', () => {
    const formats = (where: typeof plain | typeof withHalves) =>
      (['int8', 'int4', 'fp16', 'fp32'] as const).map((stored) => suitableFormat(stored, where))
    expect(formats(plain)).toEqual(['int8-weights', 'int4-weights', 'fp32', 'fp32'])
    expect(formats(withHalves)).toEqual(['int8-weights', 'int4-weights', 'fp16-weights', 'fp32'])
  })

  it('what it cannot compute in is refused', () => {
    expect(() => kernelsFor('int8', 'int8', plain, 'a')).toThrow(EngineFailure)
    expect(() => kernelsFor('fp16-weights', 'fp16', plain, 'a')).toThrow(EngineFailure)
    expect(() => kernelsFor('int4-weights', 'int8', withHalves, 'a')).toThrow(ModelFormatError)
    expect(kernelsFor('fp16-weights', 'fp16', withHalves, 'a').multiply).not.toBe(
      kernelsFor('fp32', 'fp16', withHalves, 'a').multiply,
    )
  })
})

describe('a model that is let go', () => {
  it('must be loaded again before it is used', async () => {
    const { task } = valueOf(await load('int8'))
    const request = { model: 'int8', task, mode: { kind: 'zero-shot' }, texts: ['a'] } as const
    await engine.free('int8')
    const refused = await engine.classify('run', request, () => undefined)
    expect(refused).toMatchObject({ ok: false, error: { code: 'invalid-request' } })
    valueOf(await load('int8'))
    valueOf(await engine.classify('run', request, () => undefined))
    await engine.free('no-such-model')
  })

  it('serves the run that goes on, and is not brought back by a load asked for before', async () => {
    const { task } = valueOf(await load('int8'))
    const texts = Array.from({ length: 200 }, () => SAMPLE_LINES[0] ?? '')
    const running = engine.classify(
      'run',
      { model: 'int8', task, mode: { kind: 'zero-shot' }, texts },
      () => undefined,
    )
    const loading = load('int4')
    await Promise.all([engine.free('int8'), engine.free('int4')])
    expect(valueOf(await running).texts).toBe(200)
    valueOf(await loading)
    const request = { model: 'int4', task, mode: { kind: 'zero-shot' }, texts: ['a'] } as const
    expect((await engine.classify('after', request, () => undefined)).ok).toBe(false)
  })
})
