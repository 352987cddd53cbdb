import { beforeAll, describe, expect, it } from 'vitest'
import { parseAdapter } from '../../workers/formats/adapter'
import { mergedWeights } from '../../workers/formats/merged-weights'
import { OnnxT5 } from '../../workers/onnx/onnx-t5'
import { configureRuntime } from '../../workers/runtime/configure'
import { compileForWasm } from '../../workers/runtime/session'
import { exportDecoder, exportEncoder } from '../../workers/t5/onnx-export'
import { planScoring } from '../../workers/t5/scoring-plan'
import { T5Model } from '../../workers/t5/t5-model'
import { TINY_VARIANTS, tinyFile, tinyModel, type TinyVariant } from '../formats/tiny-model'
import { joined } from '../support/joined'
import { greatestDifference, readTinyGolden } from '../t5/golden'
import { everyToken } from '../t5/every-token'

beforeAll(() => configureRuntime({ threads: 1 }))

const adapterOf = (variant: TinyVariant) =>
  parseAdapter(tinyModel(variant).config, {
    folder: 'adapter-random',
    config: tinyFile(`${variant}/adapter-random/adapter_config.json`),
    weights: tinyFile(`${variant}/adapter-random/adapter_model.safetensors`),
  })

/** Exported, and read again as any published folder is. */
function reread(variant: TinyVariant, isMerged: boolean): Promise<OnnxT5> {
  const { config, weights } = tinyModel(variant)
  const kept = isMerged ? mergedWeights(weights, adapterOf(variant)) : weights
  const graph = (parts: readonly Uint8Array[]) => ({ model: joined(parts), weights: [] })
  const files = { encoder: graph(exportEncoder(config, kept)), decoder: graph(exportDecoder(config, kept)) }
  return OnnxT5.load(config, files, compileForWasm)
}

describe.each(TINY_VARIANTS)('%s as an ONNX folder', (variant) => {
  it.each([
    ['base', false],
    ['adapter', true],
  ] as const)('agrees with the reference implementation (%s)', async (key, isMerged) => {
    const model = await reread(variant, isMerged)
    const { config } = tinyModel(variant)
    for (const one of readTinyGolden(variant).inputs) {
      const expected = one[key]
      if (!expected) throw new Error('The reference values lack this state')
      const { states } = await model.encode([one.inputIds])
      expect(greatestDifference(states, expected.encoderStates.flat())).toBeLessThan(1e-3)
      for (const { decoderInputIds, logProbs } of expected.decoder) {
        const plan = everyToken(decoderInputIds, config.vocabSize)
        const [scores = []] = await model.classify([one.inputIds], plan)
        expect(greatestDifference(scores, logProbs.flat())).toBeLessThan(1e-3)
      }
    }
    await model.dispose()
  })

  it('scores as our own graphs do, padded beside longer texts, whatever the labels', async () => {
    const { config, weights } = tinyModel(variant)
    const ours = new T5Model(config, weights, [], compileForWasm)
    const theirs = await reread(variant, false)
    const texts = [[5, 9, 1], Array.from({ length: 140 }, (_, i) => 2 + (i % 60)), [7, 33, 12, 4, 1]]
    for (const labels of [
      [[7], [9], [50]],
      [[7, 8], [9], [50, 51, 3]],
    ]) {
      for (const prefix of [[0], [0, 63]]) {
        const plan = planScoring(prefix, labels, config.padTokenId)
        const expected = await ours.classify(texts, plan)
        const found = await theirs.classify(texts, plan)
        expected.forEach((row, text) => expect(greatestDifference(found[text] ?? [], row)).toBeLessThan(1e-3))
      }
    }
    await theirs.dispose()
  })
})
