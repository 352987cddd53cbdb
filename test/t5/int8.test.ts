import { readFileSync } from 'node:fs'
import { beforeAll, describe, expect, it } from 'vitest'
import { softmax } from '../../src/domain/softmax'
import { DEMONSTRATIONS } from '../../src/samples/demonstrations'
import { SAMPLE_LINES } from '../../src/samples/sample-lines'
import { parseAdapter } from '../../workers/formats/adapter'
import { parseTokenizerFile } from '../../workers/formats/tokenizer-file'
import { readFormatLoss } from '../../workers/formats/format-loss'
import { asFp32 } from '../../workers/formats/as-fp32'
import { readModelWeights } from '../../workers/formats/read-model-weights'
import { parseSafetensors } from '../../workers/formats/safetensors'
import { parseT5Config } from '../../workers/formats/t5-config'
import { GraphBuilder } from '../../workers/graph/graph-builder'
import { float32 } from '../../workers/graph/tensor'
import { configureRuntime } from '../../workers/runtime/configure'
import { compileForWasm } from '../../workers/runtime/session'
import { matMulInt8 } from '../../workers/t5/int8-mat-mul'
import { planScoring } from '../../workers/t5/scoring-plan'
import { T5Model } from '../../workers/t5/t5-model'
import { TextTokenizer } from '../../workers/t5/tokenizer'

beforeAll(() => {
  configureRuntime({ threads: 1 })
})

describe('a multiplication on int8 weights', () => {
  it('keeps each row’s rounding to itself', async () => {
    const [inFeatures, outFeatures] = [5, 3]
    const quantised = Int8Array.from({ length: 15 }, (_, i) => ((i * 37) % 255) - 127)
    const scale = Float32Array.of(0.01, 0.02, 0.005)
    const graph = new GraphBuilder()
    const x = graph.input('x', 'float32', ['rows', inFeatures])
    const product = matMulInt8(graph, x, { inFeatures, outFeatures, quantised, scale })
    graph.output('y', product, 'float32', ['rows', outFeatures])
    const session = await compileForWasm(graph.build())

    const rows = [
      [0.5, -1, 2, 0.25, 7],
      [0, 0, 0, 0, 0],
      [300, -1000, 20, 5, 0.1],
      [3, 3, 3, 3, 3],
    ]
    const run = async (values: readonly number[][]) => {
      const { y } = await session.run(
        {
          x: float32([values.length, inFeatures], Float32Array.from(values.flat())),
        },
        ['y'],
      )
      return [...y.data]
    }
    const together = await run(rows)
    for (const [i, row] of rows.entries()) {
      const alone = await run([row])
      expect(together.slice(i * outFeatures, (i + 1) * outFeatures)).toEqual(alone)
      const step = Math.max(...row.map(Math.abs)) / 127
      alone.forEach((found, column) => {
        const weights = row.map(
          (_, k) => (quantised[k * outFeatures + column] ?? NaN) * (scale[column] ?? NaN),
        )
        const exact = row.reduce((sum, value, k) => sum + value * (weights[k] ?? NaN), 0)
        // Half a step for each activation, and float32's own rounding.
        const bound = weights.reduce((sum, weight) => sum + (Math.abs(weight) * step) / 2, 0)
        expect(Math.abs(found - exact)).toBeLessThanOrEqual(bound * 1.01 + 1e-4)
      })
    }
  })
})

describe.each(['smallcap-t5-nano', 'smallcap-t5-mini'])('the int8 pack of %s', (name) => {
  const read = (path: string) => new Uint8Array(readFileSync(`public/models/${name}/${path}`))
  const file = parseSafetensors(read('model.int8.safetensors'), 'model.int8.safetensors')

  it('was measured against its original and loses little', () => {
    const loss = readFormatLoss(file.metadata, 'model.int8.safetensors')
    expect(loss?.texts).toBe(500)
    expect(loss?.losses.map(({ numberFormat, weights }) => `${numberFormat} ${weights}`)).toEqual([
      ...['int8 base', 'int8 finance'],
      ...['int8-weights base', 'int8-weights finance'],
    ])
    for (const { equalLabels, meanDifference } of loss?.losses ?? []) {
      expect(equalLabels).toBeGreaterThanOrEqual(0.99)
      expect(meanDifference).toBeLessThanOrEqual(0.01)
    }
  })

  it('answers nearly as its own weights do in fp32, with and without its adapter', async () => {
    const config = parseT5Config(read('config.json'), 'config.json')
    const weights = readModelWeights(config, file, 'model.int8.safetensors')
    const tokenizer = new TextTokenizer(
      parseTokenizerFile(read('tokenizer.json'), 'tokenizer.json', config.vocabSize),
      {},
    )
    const adapter = parseAdapter(config, {
      folder: 'adapter-finance',
      config: read('adapter-finance/adapter_config.json'),
      weights: read('adapter-finance/adapter_model.safetensors'),
    })
    const plan = planScoring(
      [config.decoderStartTokenId],
      ['negative', 'neutral', 'positive'].map((words) => tokenizer.encodeLabel(words).ids),
      config.padTokenId,
    )
    const [int8, fp32] = [weights, asFp32(weights)].map(
      (form) => new T5Model(config, form, [adapter], compileForWasm),
    )
    if (!int8 || !fp32) throw new Error('No models')
    const texts = [...SAMPLE_LINES, ...DEMONSTRATIONS.map(({ text }) => text)]
    const differences: number[] = []
    for (const text of texts) {
      const { ids } = tokenizer.encode(`${text} sentiment:`)
      for (const used of [undefined, adapter]) {
        const answer = async (model: T5Model) => {
          const [scores = []] = await model.classify([ids], plan, used)
          return softmax(scores)
        }
        const [found, expected] = [await answer(int8), await answer(fp32)]
        differences.push(...found.map((p, label) => Math.abs(p - (expected[label] ?? NaN))))
      }
    }
    const mean = differences.reduce((sum, difference) => sum + difference, 0) / differences.length
    expect(mean).toBeLessThan(0.005)
    expect(Math.max(...differences)).toBeLessThan(0.05)
  })
})
