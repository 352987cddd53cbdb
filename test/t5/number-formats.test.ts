import { beforeAll, describe, expect, it } from 'vitest'
import { asFp32 } from '../../workers/formats/as-fp32'
import { encodeF16 } from '../../workers/formats/half'
import { packMetadata, type PackFormat } from '../../workers/formats/pack-metadata'
import { packTensors } from '../formats/pack-tensors'
import { readModelWeights } from '../../workers/formats/read-model-weights'
import { parseSafetensors } from '../../workers/formats/safetensors'
import { writeSafetensors } from '../../workers/formats/safetensors-writer'
import { t5Projections } from '../../workers/formats/t5-tensors'
import { GraphBuilder } from '../../workers/graph/graph-builder'
import { float32 } from '../../workers/graph/tensor'
import { configureRuntime } from '../../workers/runtime/configure'
import { compileForWasm } from '../../workers/runtime/session'
import { matMulHalves } from '../../workers/t5/half-mat-mul'
import { dequantised, halfWeights, onWebGpu, weightOnly } from '../../workers/t5/kernels'
import { planScoring } from '../../workers/t5/scoring-plan'
import { T5Model } from '../../workers/t5/t5-model'
import { randomModel } from '../formats/random-model'
import { greatestDifference } from './golden'

beforeAll(() => {
  configureRuntime({ threads: 1 })
})

function packed(format: PackFormat) {
  const { config, weights } = randomModel()
  const bytes = writeSafetensors(packTensors(config, weights, format), packMetadata[format])
  const file = `model.${format}.safetensors`
  return { config, original: weights, weights: readModelWeights(config, parseSafetensors(bytes, file), file) }
}

const texts = [
  [5, 17, 40, 1],
  [9, 9, 60, 33, 2, 80, 1],
]

/** Scores by one step, and by several tokens with the normaliser of the whole vocabulary. */
async function answers(model: T5Model): Promise<number[]> {
  const { decoderStartTokenId: start, padTokenId } = model.config
  const found: number[] = []
  for (const plan of [
    planScoring([start], [[4], [8], [90]], padTokenId),
    planScoring([start, 7], [[4, 5], [8], [90, 3, 2]], padTokenId),
  ])
    found.push(...(await model.classify(texts, plan)).flat())
  return found
}

describe.each([
  ['int8', weightOnly],
  ['int4', weightOnly],
  ['fp16', halfWeights],
] as const)('%s weights with fp32 activations', (format, kernels) => {
  it('give what their dequantised weights give', async () => {
    const { config, weights } = packed(format)
    expect(weights.storedFormat).toBe(format)
    const [found, expected, reference] = await Promise.all(
      [
        new T5Model(config, weights, [], compileForWasm, { kernels: onWebGpu(kernels) }),
        new T5Model(config, weights, [], compileForWasm, { kernels: dequantised }),
        new T5Model(config, asFp32(weights), [], compileForWasm),
      ].map(answers),
    )
    expect(found?.length).toBe(12)
    expect(greatestDifference(found ?? [], expected ?? [])).toBeLessThan(1e-4)
    expect(greatestDifference(reference ?? [], expected ?? [])).toBeLessThan(1e-5)
  })
})

describe('a 4-bit pack', () => {
  it('keeps attention and embeddings at 8 bits, and is smaller than an int8 pack', () => {
    const { config, weights } = packed('int4')
    const kinds = t5Projections(config).map(({ module, inFeatures, outFeatures }) => {
      const { kind } = weights.linear(`${module}.weight`, inFeatures, outFeatures)
      return `${module.split('.').at(-1) ?? ''} ${kind}`
    })
    expect([...new Set(kinds)].sort()).toEqual([
      'k int8',
      'o int8',
      'q int8',
      'v int8',
      'wi_0 int4',
      'wi_1 int4',
      'wo int4',
    ])
    expect(weights.headLinear().kind).toBe('int8')
    expect(weights.bytes).toBeLessThan(packed('int8').weights.bytes * 0.9)
  })
})

it('multiplies projections of one input one after another where their number formats differ', async () => {
  const { config, weights } = packed('int8')
  const mixed = {
    ...weights,
    linear: (name: string, inFeatures: number, outFeatures: number) =>
      (/\.(?:k|wi_1)\.weight$/.test(name) ? asFp32(weights) : weights).linear(name, inFeatures, outFeatures),
  }
  const [found = [], expected = []] = await Promise.all(
    [mixed, weights].map((each) =>
      answers(new T5Model(config, each, [], compileForWasm, { kernels: weightOnly })),
    ),
  )
  expect(greatestDifference(found, expected)).toBeLessThan(1e-4)
})

it('multiplies by halves as by the numbers they stand for', async () => {
  const graph = new GraphBuilder()
  const x = graph.input('x', 'float32', ['rows', 2])
  const bytes = encodeF16(Float32Array.of(1, 2, 3, 4, 5, 2 ** -20))
  const y = matMulHalves(graph, x, { kind: 'fp16', inFeatures: 2, outFeatures: 3, bytes })
  graph.output('y', y, 'float32', ['rows', 3])
  const built = graph.build()
  expect(built.weights.map(({ data }) => data.length)).toEqual([12])
  const session = await compileForWasm(built)
  // The weights of an output stand in a row: 1 + 10·2, 3 + 10·4, 5 + 10·2^-20. Beyond 16 bits: 1e6 is no half.
  const { y: found } = await session.run({ x: float32([2, 2], Float32Array.of(1, 10, 1e6, 0)) }, ['y'])
  expect([...found.data]).toEqual([21, 43, Math.fround(5 + 10 * 2 ** -20), 1e6, 3e6, 5e6])
  await session.dispose()
})
