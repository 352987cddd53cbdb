import { readFileSync } from 'node:fs'
import { beforeAll, describe, expect, it } from 'vitest'
import { softmax } from '../../src/domain/softmax'
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
import { T5Tokenizer } from '../../workers/t5/tokenizer'

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
      const { y } = await session.run({
        x: float32([values.length, inFeatures], Float32Array.from(values.flat())),
      })
      return [...(y?.data ?? [])]
    }
    const together = await run(rows)
    for (const [i, row] of rows.entries()) {
      const alone = await run([row])
      expect(together.slice(i * outFeatures, (i + 1) * outFeatures)).toEqual(alone)
      const step = (Math.max(...row) - Math.min(...row)) / 254
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
  const json = (path: string): unknown => JSON.parse(new TextDecoder().decode(read(path)))
  const file = parseSafetensors(read('model.int8.safetensors'), 'model.int8.safetensors')

  it('was measured against its original and loses little', () => {
    const loss = readFormatLoss(file.metadata, 'model.int8.safetensors')
    expect(loss?.texts).toBe(500)
    expect(loss?.losses.map(({ weights }) => weights)).toEqual(['base', 'finance'])
    for (const { equalLabels, meanDifference } of loss?.losses ?? []) {
      expect(equalLabels).toBeGreaterThanOrEqual(0.99)
      expect(meanDifference).toBeLessThanOrEqual(0.01)
    }
  })

  it('answers as its own weights do in fp32', async () => {
    const config = parseT5Config(read('config.json'), 'config.json')
    const tokenizerJson = json('tokenizer.json')
    if (typeof tokenizerJson !== 'object' || !tokenizerJson) throw new Error('tokenizer.json holds no object')
    const weights = readModelWeights(config, file, 'model.int8.safetensors')
    const tokenizer = new T5Tokenizer(tokenizerJson, {})
    const plan = planScoring(
      [config.decoderStartTokenId],
      ['negative', 'neutral', 'positive'].map((words) => tokenizer.encodeLabel(words).ids),
      config.padTokenId,
    )
    const texts = json('probes.json')
    if (!Array.isArray(texts)) throw new Error('probes.json holds no list')
    const models = [weights, asFp32(weights)].map((form) => new T5Model(config, form, [], compileForWasm))
    for (const text of texts.map(String)) {
      const { ids } = tokenizer.encode(`${text} sentiment:`)
      const [int8 = [], fp32 = []] = await Promise.all(
        models.map(async (model) => {
          const [scores = []] = await model.scoreLabels(await model.encode([ids]), plan)
          return softmax(scores)
        }),
      )
      int8.forEach((p, label) => {
        expect(Math.abs(p - (fp32[label] ?? NaN))).toBeLessThan(0.03)
      })
    }
  })
})
