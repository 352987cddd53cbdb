import { beforeAll, describe, expect, it } from 'vitest'
import { parseAdapter, type Adapter } from '../../workers/formats/adapter'
import { configureRuntime } from '../../workers/runtime/configure'
import { compileForWasm } from '../../workers/runtime/session'
import { planScoring } from '../../workers/t5/scoring-plan'
import { T5Model, type AdapterRoad } from '../../workers/t5/t5-model'
import { TINY_VARIANTS, tinyFile, tinyModel, type TinyVariant } from '../formats/tiny-model'
import { everyToken } from './every-token'
import { greatestDifference, readTinyGolden, type TinyCase, type TinyState } from './golden'

beforeAll(() => {
  configureRuntime({ threads: 1 })
})

const adapterOf = (variant: TinyVariant): Adapter =>
  parseAdapter(tinyModel(variant).config, {
    folder: 'adapter-random',
    config: tinyFile(`${variant}/adapter-random/adapter_config.json`),
    weights: tinyFile(`${variant}/adapter-random/adapter_model.safetensors`),
  })

/** Compares a run with the reference: encoder states and full-vocabulary log-probabilities. */
async function expectAgreement(
  model: T5Model,
  cases: readonly TinyCase[],
  state: (one: TinyCase) => TinyState | undefined,
  adapter?: Adapter,
): Promise<void> {
  const encoded = await model.encode(
    cases.map(({ inputIds }) => inputIds),
    adapter,
  )
  const { dModel, vocabSize } = model.config
  for (const [row, one] of cases.entries()) {
    const expected = state(one)
    if (!expected) throw new Error('The reference values lack this state')
    const states = encoded.states.slice(row * encoded.length * dModel)
    const own = states.subarray(0, one.inputIds.length * dModel)
    expect(greatestDifference(own, expected.encoderStates.flat())).toBeLessThan(1e-3)
    for (const { decoderInputIds, logProbs } of expected.decoder) {
      const scores = await model.scoreLabels(encoded, everyToken(decoderInputIds, vocabSize), adapter)
      expect(greatestDifference(scores[row] ?? [], logProbs.flat())).toBeLessThan(1e-3)
    }
  }
}

const ROADS: readonly AdapterRoad[] = ['slots', 'merged']

describe.each(TINY_VARIANTS)('a random %s model', (variant) => {
  const { config, weights } = tinyModel(variant)
  const adapter = adapterOf(variant)
  const [model, merging] = ROADS.map(
    (road) => new T5Model(config, weights, [adapter], compileForWasm, { road }),
  )
  if (!model || !merging) throw new Error('There are two roads')
  const { inputs, batch = [] } = readTinyGolden(variant)

  it('agrees with the reference implementation', async () => {
    expect(inputs.map(({ inputIds }) => inputIds.length)).toContain(150)
    for (const one of inputs) await expectAgreement(model, [one], ({ base }) => base)
  })

  it('agrees with it under an adapter, switched on and off over the same sessions', async () => {
    for (const one of inputs) {
      await expectAgreement(model, [one], (expected) => expected.adapter, adapter)
      await expectAgreement(model, [one], ({ base }) => base)
    }
  })

  it.each(ROADS)('agrees with it under an adapter that was added later (%s)', async (road) => {
    const later = new T5Model(config, weights, [], compileForWasm, { road })
    const [one] = inputs
    if (!one) throw new Error('There are no reference values')
    await expectAgreement(later, [one], ({ base }) => base)
    const letGo = later.adapt([adapter])
    await expectAgreement(later, [one], (expected) => expected.adapter, adapter)
    await letGo()
    await expectAgreement(later, [one], (expected) => expected.adapter, adapter)
    await later.adapt([])()
    await expectAgreement(later, [one], ({ base }) => base)
    await later.dispose()
  })

  it('agrees with it on texts of unequal lengths run together', async () => {
    expect(new Set(batch.map(({ inputIds }) => inputIds.length)).size).toBeGreaterThan(1)
    await expectAgreement(model, batch, ({ base }) => base)
    await expectAgreement(model, batch, (expected) => expected.adapter, adapter)
  })

  it('scores labels of one, two and four tokens together as one after another', async () => {
    const labels = [[5], [6, 7], [8, 9, 10, 11]]
    const prefix = [config.decoderStartTokenId, 63]
    const encoded = await model.encode(inputs.map(({ inputIds }) => inputIds).slice(0, 3))
    const together = await model.scoreLabels(encoded, planScoring(prefix, labels, config.padTokenId))
    for (const [label, tokens] of labels.entries()) {
      const sequence = [...prefix, ...tokens.slice(0, -1)]
      const every = await model.scoreLabels(encoded, everyToken(sequence, config.vocabSize))
      for (const [text, scores] of every.entries()) {
        const sum = tokens.reduce((total, token, i) => {
          const position = prefix.length - 1 + i
          return total + (scores[position * config.vocabSize + token] ?? NaN)
        }, 0)
        expect(Math.abs((together[text]?.[label] ?? NaN) - sum)).toBeLessThan(1e-4)
      }
    }
  })

  it('agrees with it under an adapter that was merged into the weights', async () => {
    for (const one of inputs) {
      await expectAgreement(merging, [one], (expected) => expected.adapter, adapter)
      await expectAgreement(merging, [one], ({ base }) => base)
    }
  })

  it('scores labels in one run as it does in two', async () => {
    const prefix = [config.decoderStartTokenId]
    const plan = planScoring(prefix, [[5], [6], [9]], config.padTokenId)
    const texts = batch.map(({ inputIds }) => inputIds)
    for (const one of [model, merging])
      for (const used of [undefined, adapter]) {
        const inOne = await one.classify(texts, plan, used)
        const inTwo = await one.scoreLabels(await one.encode(texts, used), plan, used)
        expect(inOne).toHaveLength(texts.length)
        for (const [text, scores] of inOne.entries())
          expect(greatestDifference(scores, inTwo[text] ?? [])).toBeLessThan(1e-4)
      }
  })

  it('classifies under an adapter as merged weights do', async () => {
    const plan = planScoring([config.decoderStartTokenId], [[5], [6], [9]], config.padTokenId)
    for (const { inputIds } of inputs) {
      const [slotted = []] = await model.classify([inputIds], plan, adapter)
      const [expected = []] = await merging.classify([inputIds], plan, adapter)
      const [base = []] = await model.classify([inputIds], plan)
      expect(greatestDifference(slotted, expected)).toBeLessThan(1e-4)
      expect(greatestDifference(slotted, base)).toBeGreaterThan(1e-3)
    }
  })
})

describe.each(['gated-tied-f16', 'gated-tied-bf16'] as const)('%s weights', (variant) => {
  it('agree with the reference implementation on the rounded weights', async () => {
    const { config, weights } = tinyModel(variant)
    const model = new T5Model(config, weights, [], compileForWasm)
    for (const one of readTinyGolden(variant).inputs) await expectAgreement(model, [one], ({ base }) => base)
  })
})
