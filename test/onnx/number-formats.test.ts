import { readFileSync } from 'node:fs'
import { beforeAll, describe, expect, it } from 'vitest'
import { askedOf, type Asked } from '../../src/domain/asked'
import type { ScoredText } from '../../src/engine/contract'
import { createNodeEngine } from '../../scripts/node/node-engine'
import { parseT5Config } from '../../workers/formats/t5-config'
import { OnnxT5 } from '../../workers/onnx/onnx-t5'
import { configureRuntime } from '../../workers/runtime/configure'
import { compileForWasm } from '../../workers/runtime/session'
import { planScoring } from '../../workers/t5/scoring-plan'
import { connect, valueOf, type Connected } from '../engine/channel'

const fixtures = 'test/fixtures/onnx'
const formats = [
  { suffix: 'fp16', numberFormat: 'fp16-weights' },
  { suffix: 'q4', numberFormat: 'int4-weights' },
] as const
/** Of logits: the same file in ONNX Runtime for the processor, whose 16-bit operators round elsewhere. */
const bound = 3e-3

type Logits = Readonly<Record<'logits' | 'fp16' | 'q4', readonly number[]>>
interface ClassifierCase extends Logits {
  readonly asked: string | readonly [text: string, pair: string]
  readonly inputIds: readonly number[]
}
interface T5Case extends Logits {
  readonly inputIds: readonly number[]
  readonly prefix: readonly number[]
}

const readGolden = (model: string): unknown =>
  JSON.parse(readFileSync(`${fixtures}/${model}/golden.json`, 'utf8'))

const greatest = (found: readonly number[], expected: readonly number[]) =>
  Math.max(...expected.map((value, i) => Math.abs(value - (found[i] ?? NaN))))

/** Byte-level BPE; WordPiece without token types; WordPiece with them. */
describe.each(['roberta', 'distilbert', 'bert'])('a classifier like %s', (model) => {
  const { cases } = readGolden(model) as { readonly cases: readonly ClassifierCase[] }
  const asked = cases.map(({ asked: each }): Asked => {
    if (typeof each === 'string') return each
    const [text, pair] = each
    return askedOf({ text, pair })
  })
  const mode = { kind: 'as-trained' } as const
  let connected: Connected

  beforeAll(() => {
    connected = connect(() => createNodeEngine(fixtures, 1))
  })

  it.each(formats)(
    'gives the logits of its $suffix file, for texts and pairs, alone and together',
    async ({ suffix, numberFormat }) => {
      const summary = valueOf(await connected.client.load({ model, numberFormat }))
      expect(summary).toMatchObject({ numberFormat, modes: ['as-trained'] })
      const classify = async (texts: readonly Asked[]) => {
        const results: ScoredText[] = []
        const request = { model, task: summary.task, mode, texts }
        valueOf(await connected.client.classify(request, { onResults: (some) => results.push(...some) }))
        return results
      }
      const together = await classify(asked)
      for (const [i, text] of asked.entries()) {
        const { [suffix]: logits = [], inputIds } = cases[i] ?? { inputIds: [] }
        const [bearish = NaN, bullish = NaN, neutral = NaN] = logits
        const [alone] = await classify([text])
        for (const result of [alone, together[i]])
          expect(greatest(result?.scores ?? [], [bearish, neutral, bullish])).toBeLessThan(bound)
        const view = valueOf(await connected.client.inspect({ model, task: summary.task, mode, text }))
        expect(view.tokens.map(({ id }) => id)).toEqual(inputIds)
      }
    },
  )

  it('is near to the original in 16 bits, and pairs matter', () => {
    for (const { logits, fp16 } of cases) expect(greatest(fp16, logits)).toBeLessThan(bound)
    expect(cases.filter(({ asked: each }) => typeof each !== 'string')).toHaveLength(2)
  })

  it('cuts the pair of what is too long, and keeps the separators', async () => {
    const { task } = valueOf(await connected.client.load({ model, numberFormat: 'fp16-weights' }))
    const text = { text: 'Who leads the bank?', pair: 'Profit fell. '.repeat(60) }
    const view = valueOf(await connected.client.inspect({ model, task, mode, text }))
    expect(view).toMatchObject({ isCut: true, isTextCut: false })
    const end = view.tokens.at(-1)?.id
    expect(view.tokens.filter(({ id }) => id === end).length).toBeGreaterThan(1)
    expect(view.tokens.length).toBeLessThanOrEqual(64)
  })
})

describe('T5', () => {
  beforeAll(() => configureRuntime({ threads: 1 }))

  it.each(formats)('gives the logits of its $suffix files after any prefix', async ({ suffix }) => {
    const read = (path: string) => new Uint8Array(readFileSync(`${fixtures}/t5/${path}`))
    const config = parseT5Config(read('config.json'), 'config.json')
    const graph = (name: string) => ({ model: read(`onnx/${name}_${suffix}.onnx`), weights: [] })
    const files = { encoder: graph('encoder_model'), decoder: graph('decoder_model_merged') }
    const model = await OnnxT5.load(config, files, compileForWasm)
    const { cases } = readGolden('t5') as { readonly cases: readonly T5Case[] }
    const everyToken = Array.from({ length: config.vocabSize }, (_, id) => [id])
    for (const { inputIds, prefix, [suffix]: logits } of cases) {
      const plan = planScoring(prefix, everyToken, 0)
      const padding = [...inputIds, ...inputIds]
      const [alone = []] = await model.classify([inputIds], plan)
      const [, padded = []] = await model.classify([padding, inputIds], plan)
      for (const found of [alone, padded]) expect(greatest(found, logits)).toBeLessThan(bound)
    }
    await model.dispose()
  })
})
