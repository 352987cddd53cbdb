import { existsSync, readFileSync } from 'node:fs'
import { beforeAll, describe, expect, it } from 'vitest'
import { parseT5Config } from '../../workers/formats/t5-config'
import { OnnxT5 } from '../../workers/onnx/onnx-t5'
import { configureRuntime } from '../../workers/runtime/configure'
import { compileForWasm } from '../../workers/runtime/session'
import { planScoring } from '../../workers/t5/scoring-plan'
import { greatestDifference, readGolden } from '../t5/golden'

const models = new URL('../../../shared/models/', import.meta.url)

beforeAll(() => configureRuntime({ threads: 1 }))

const softmax = (scores: readonly number[]): number[] => {
  const powers = scores.map(Math.exp)
  const sum = powers.reduce((a, b) => a + b, 0)
  return powers.map((power) => power / sum)
}

/** The reference exporter's files are too large to keep here; where they lie beside the checkout they are checked. */
describe.each([
  { name: 'nano', suffix: '', bound: 1e-3 },
  { name: 'nano', suffix: '_quantized', bound: 0.05 },
  { name: 'mini', suffix: '_quantized', bound: 0.05 },
])('$name, exported by the reference (encoder_model$suffix)', ({ name, suffix, bound }) => {
  const folder = new URL(`smallcap-t5-${name}/onnx-reference/`, models)
  const read = (path: string) => new Uint8Array(readFileSync(new URL(path, folder)))
  const isThere = existsSync(new URL(`onnx/encoder_model${suffix}.onnx`, folder))
  const golden = readGolden(name)

  const load = () => {
    const config = parseT5Config(read('config.json'), 'config.json')
    const graph = (path: string) => ({ model: read(`onnx/${path}${suffix}.onnx`), weights: [] })
    const files = { encoder: graph('encoder_model'), decoder: graph('decoder_model_merged') }
    return OnnxT5.load(config, files, compileForWasm)
  }

  it.skipIf(!isThere)('agrees with the goldens on label probabilities, alone and in a batch', async () => {
    const model = await load()
    const plan = (labelIds: readonly (readonly number[])[]) => planScoring([0], labelIds, 0)
    let normalised = 0
    for (const { inputIds, labelIds, base } of golden.scoring) {
      const [alone = []] = await model.classify([inputIds], plan(labelIds))
      expect(greatestDifference(softmax(alone), softmax(base.labelTokenLogProbSum))).toBeLessThan(bound)
      if (suffix !== '') continue
      const [, padded = []] = await model.classify([[...inputIds, ...inputIds], inputIds], plan(labelIds))
      expect(greatestDifference(padded, alone)).toBeLessThan(1e-3)
      if (!plan(labelIds).needsNormaliser) continue
      expect(greatestDifference(alone, base.labelTokenLogProbSum)).toBeLessThan(bound)
      normalised += 1
    }
    expect(suffix === '' ? normalised : 1).toBeGreaterThan(0)
    await model.dispose()
  })

  it.skipIf(!isThere)('agrees with the goldens on a cloze', async () => {
    const model = await load()
    for (const { inputIds, decoderInputIds, labelIds, lastPositionLogProb } of golden.cloze) {
      const [scores = []] = await model.classify([inputIds], planScoring(decoderInputIds, labelIds, 0))
      expect(greatestDifference(softmax(scores), softmax(lastPositionLogProb))).toBeLessThan(bound)
    }
    await model.dispose()
  })
})
