import { readFileSync } from 'node:fs'
import { beforeAll, describe, expect, it } from 'vitest'
import { softmax } from '../../src/domain/softmax'
import { SAMPLE_LINES } from '../../src/samples/sample-lines'
import { parseAdapter } from '../../workers/formats/adapter'
import { dequantiseColumns } from '../../workers/formats/dequantise'
import { readModelWeights } from '../../workers/formats/read-model-weights'
import { parseSafetensors } from '../../workers/formats/safetensors'
import { parseT5Config } from '../../workers/formats/t5-config'
import { parseTokenizerFile } from '../../workers/formats/tokenizer-file'
import { configureRuntime } from '../../workers/runtime/configure'
import { compileForWasm } from '../../workers/runtime/session'
import { toBlocks } from '../../workers/t5/block-mat-mul'
import { dequantised, onWebGpu, weightOnly } from '../../workers/t5/kernels'
import { planScoring } from '../../workers/t5/scoring-plan'
import { T5Model } from '../../workers/t5/t5-model'
import { TextTokenizer } from '../../workers/t5/tokenizer'
import { greatestDifference } from './golden'

beforeAll(() => {
  configureRuntime({ threads: 1 })
})

const codes = (length: number) => Int8Array.from({ length }, (_, i) => ((i * 37) % 255) - 127)

describe('8-bit blocks of an int8 matrix', () => {
  it('stand for the very same weights', () => {
    const [inFeatures, outFeatures] = [64, 3]
    const matrix = {
      ...{ inFeatures, outFeatures, quantised: codes(192) },
      scale: Float32Array.of(0.01, 0.02, 0.005),
    }
    const blocks = toBlocks(matrix)
    if (!blocks) throw new Error('64 inputs are two blocks of 32')
    const weights = Array.from(blocks.codes, (code, i) =>
      Math.fround((code - 128) * (blocks.scale[Math.floor(i / blocks.blockSize)] ?? NaN)),
    )
    expect(weights).toEqual([...dequantiseColumns({ kind: 'int8', ...matrix })])
  })

  it.each([
    [48, 16],
    [96, 32],
    [40, undefined],
  ])('%i inputs: blocks of %s', (inFeatures, blockSize) => {
    const matrix = { inFeatures, outFeatures: 1, quantised: codes(inFeatures), scale: Float32Array.of(1) }
    expect(toBlocks(matrix)?.blockSize).toBe(blockSize)
  })
})

describe('nano with int8 weights and fp32 activations', () => {
  const read = (path: string) =>
    new Uint8Array(readFileSync(new URL(`../../public/models/smallcap-t5-nano/${path}`, import.meta.url)))
  const config = parseT5Config(read('config.json'), 'config.json')
  const file = parseSafetensors(read('model.int8.safetensors'), 'model.int8.safetensors')
  const weights = readModelWeights(config, file, 'model.int8.safetensors')
  const adapter = parseAdapter(config, {
    folder: 'adapter-finance',
    config: read('adapter-finance/adapter_config.json'),
    weights: read('adapter-finance/adapter_model.safetensors'),
  })
  const tokenizer = new TextTokenizer(
    parseTokenizerFile(read('tokenizer.json'), 'tokenizer.json', config.vocabSize),
    {},
  )
  const words = ['negative', 'neutral', 'positive'].map((word) => tokenizer.encodeLabel(word).ids)
  const plan = planScoring([config.decoderStartTokenId], words, config.padTokenId)

  it.each([
    ['base, slots', undefined, 'slots'],
    ['finance, slots', adapter, 'slots'],
    ['finance, merged', adapter, 'merged'],
  ] as const)('%s: gives what the dequantised weights give, text by text', async (_, used, road) => {
    const [blocks, floats] = [onWebGpu(weightOnly), dequantised].map(
      (kernels) => new T5Model(config, weights, [adapter], compileForWasm, { kernels, road }),
    )
    if (!blocks || !floats) throw new Error('Two models were made')
    for (const line of SAMPLE_LINES) {
      const ids = tokenizer.encode(line).ids
      const [found = []] = await blocks.classify([ids], plan, used)
      const [expected = []] = await floats.classify([ids], plan, used)
      expect(greatestDifference(softmax(found), softmax(expected))).toBeLessThan(1e-4)
    }
    await blocks.dispose()
    await floats.dispose()
  })
})
