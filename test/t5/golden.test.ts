import { createHash } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { beforeAll, describe, expect, it } from 'vitest'
import { parseAdapter } from '../../workers/formats/adapter'
import { readModelWeights } from '../../workers/formats/read-model-weights'
import { parseSafetensors } from '../../workers/formats/safetensors'
import { parseT5Config } from '../../workers/formats/t5-config'
import { configureRuntime } from '../../workers/runtime/configure'
import { compileForWasm } from '../../workers/runtime/session'
import { planScoring } from '../../workers/t5/scoring-plan'
import { T5Model, type AdapterRoad } from '../../workers/t5/t5-model'
import { TextTokenizer } from '../../workers/t5/tokenizer'
import { greatestDifference, readGolden } from './golden'

const fixture = (path: string): URL => new URL(`../fixtures/${path}`, import.meta.url)

// mini's fp32 weights are too large to keep here; where the originals lie beside the checkout they are checked too.
const originals = [
  {
    name: 'nano',
    folder: fixture('nano-fp32/'),
    sha256: 'fa68d1c37f0b90303c624a2afb9ce287b3c203c5c80abda88c6825c0d8bf31b0',
  },
  {
    name: 'mini',
    folder: new URL('../../../shared/models/smallcap-t5-mini/', import.meta.url),
    sha256: 'ac47c0060105c3ede49151012b73828b476f01e4cbe7ebdc7adf4b353ac653bf',
  },
]

/** Whether the very weights are there that the reference values were made with. */
function isThere({ folder, sha256 }: (typeof originals)[number]): boolean {
  const path = new URL('model.safetensors', folder)
  return existsSync(path) && createHash('sha256').update(readFileSync(path)).digest('hex') === sha256
}

beforeAll(() => {
  configureRuntime({ threads: 1 })
})

/** Scores up to a constant that all labels share, as classifying gives them. */
const centred = (scores: readonly number[]): number[] => scores.map((score) => score - (scores[0] ?? NaN))

describe.each(originals)('$name in fp32', (original) => {
  const { name, folder } = original
  const isHere = isThere(original)
  const golden = readGolden(name)

  const load = (road: AdapterRoad) => {
    const read = (path: string) => new Uint8Array(readFileSync(new URL(path, folder)))
    const config = parseT5Config(read('config.json'), 'config.json')
    const file = parseSafetensors(read('model.safetensors'), 'model.safetensors')
    const adapter = parseAdapter(config, {
      folder: 'adapter-finance',
      config: read('adapter-finance/adapter_config.json'),
      weights: read('adapter-finance/adapter_model.safetensors'),
    })
    const weights = readModelWeights(config, file, 'model.safetensors')
    return { config, adapter, model: new T5Model(config, weights, [adapter], compileForWasm, { road }) }
  }

  it.skipIf(!isHere).each(['slots', 'merged'] as const)(
    'agrees with the reference on encoder states and label log-probabilities, adapters as %s',
    async (road) => {
      const { config, adapter, model } = load(road)
      const prefix = [config.decoderStartTokenId]
      let states = 0
      for (const { inputIds, labelIds, ...expected } of golden.scoring)
        for (const [weights, { labelTokenLogProbSum, encoderStates }] of [
          [undefined, expected.base],
          [adapter, expected.adapter],
        ] as const) {
          const encoded = await model.encode([inputIds], weights)
          const plan = planScoring(prefix, labelIds, config.padTokenId)
          const [scores = []] = await model.scoreLabels(encoded, plan, weights, true)
          expect(greatestDifference(scores, labelTokenLogProbSum)).toBeLessThan(1e-3)
          const [alone = []] = await model.classify([inputIds], plan, weights)
          expect(greatestDifference(centred(alone), centred(labelTokenLogProbSum))).toBeLessThan(1e-3)
          if (!encoderStates) continue
          expect(greatestDifference(encoded.states, encoderStates.flat())).toBeLessThan(1e-3)
          states += 1
        }
      expect(states).toBeGreaterThan(0)
    },
  )

  it.skipIf(!isHere)('agrees with the reference on a cloze', async () => {
    const { config, model } = load('slots')
    for (const { inputIds, decoderInputIds, labelIds, lastPositionLogProb } of golden.cloze) {
      const plan = planScoring(decoderInputIds, labelIds, config.padTokenId)
      const [scores = []] = await model.scoreLabels(await model.encode([inputIds]), plan, undefined, true)
      expect(greatestDifference(scores, lastPositionLogProb)).toBeLessThan(1e-3)
    }
  })
})

it.each(originals)('$name gives the reference’s token ids exactly', ({ name }) => {
  const json: unknown = JSON.parse(readFileSync(fixture('nano-fp32/tokenizer.json'), 'utf8'))
  if (typeof json !== 'object' || json === null) throw new Error('tokenizer.json holds no object')
  const tokenizer = new TextTokenizer(json, {})
  const golden = readGolden(name)
  for (const { text, ids } of golden.tokenization) expect(tokenizer.encode(text).ids).toEqual(ids)
  for (const { labels, labelIds } of golden.scoring)
    expect(labels.map((words) => tokenizer.encodeLabel(words).ids)).toEqual(labelIds)
})
