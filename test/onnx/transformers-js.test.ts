import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type * as Transformers from '@huggingface/transformers'
import { beforeAll, describe, expect, it } from 'vitest'
import { parseAdapter } from '../../workers/formats/adapter'
import { completeConfig } from '../../workers/formats/complete-config'
import { mergedWeights } from '../../workers/formats/merged-weights'
import type { ModelWeights } from '../../workers/formats/model-weights'
import { readModelWeights } from '../../workers/formats/read-model-weights'
import { parseSafetensors } from '../../workers/formats/safetensors'
import { parseT5Config, type T5Config } from '../../workers/formats/t5-config'
import { exportDecoder, exportEncoder } from '../../workers/t5/onnx-export'
import { TINY_VARIANTS, tinyFile, tinyModel } from '../formats/tiny-model'
import { joined } from '../support/joined'
import { readTinyGolden } from '../t5/golden'

/** The folders that the library finds on its hub, by the repository's name: nothing is fetched. */
const hub = new Map<string, ReadonlyMap<string, Uint8Array<ArrayBuffer>>>()
let library: typeof Transformers

beforeAll(async () => {
  const require = createRequire(import.meta.url)
  // Its build for browsers, on the page's runtime: that for Node would need another one.
  const runtime = require('onnxruntime-web') as { env: { wasm: { wasmPaths: string; numThreads: number } } }
  const packageFolder = (name: string) => dirname(require.resolve(name))
  runtime.env.wasm.wasmPaths = `${pathToFileURL(packageFolder('onnxruntime-web')).href}/`
  runtime.env.wasm.numThreads = 1
  Object.assign(globalThis, { [Symbol.for('onnxruntime')]: runtime })
  const web = join(packageFolder('@huggingface/transformers'), 'transformers.web.js')
  // The same module as the package's types describe, in another build.
  library = (await import(/* @vite-ignore */ pathToFileURL(web).href)) as typeof Transformers
  const { env } = library
  env.allowLocalModels = false
  env.useBrowserCache = false
  env.useWasmCache = false
  env.fetch = () => Promise.resolve(new Response('', { status: 404 }))
  env.useCustomCache = true
  env.customCache = {
    put: () => Promise.resolve(),
    match: (address) => {
      const [, name = '', path = ''] = /tests\/([\w-]+)\/resolve\/main\/(.+)$/.exec(address) ?? []
      const bytes = hub.get(name)?.get(path)
      return Promise.resolve(bytes && new Response(bytes))
    },
  }
})

function publish(name: string, config: T5Config, configBytes: Uint8Array, weights: ModelWeights): string {
  const files = {
    'config.json': completeConfig(configBytes, config),
    'onnx/encoder_model.onnx': joined(exportEncoder(config, weights)),
    'onnx/decoder_model_merged.onnx': joined(exportDecoder(config, weights)),
  }
  hub.set(name, new Map(Object.entries(files)))
  return `tests/${name}`
}

/** Greedy generation as the reference implementation did it, at most so many new tokens. */
async function generate(model: string, texts: readonly (readonly number[])[], newTokens: number) {
  const { AutoModelForSeq2SeqLM, Tensor } = library
  const loaded = await AutoModelForSeq2SeqLM.from_pretrained(model, { dtype: 'fp32', device: 'auto' })
  const answers: number[][] = []
  for (const ids of texts) {
    const inputs = new Tensor('int64', BigInt64Array.from(ids, BigInt), [1, ids.length])
    const mask = new Tensor('int64', new BigInt64Array(ids.length).fill(1n), [1, ids.length])
    const output = await loaded.generate({
      inputs,
      attention_mask: mask,
      max_new_tokens: newTokens,
    })
    if (!(output instanceof Tensor)) throw new Error('The library gave no tensor')
    const tokens: unknown = output.data
    if (!(tokens instanceof BigInt64Array)) throw new Error('The library gave no tokens')
    answers.push(Array.from(tokens, Number))
  }
  return answers
}

describe('transformers.js runs what we write', () => {
  it.each(TINY_VARIANTS)('%s: the reference’s generation, token by token', async (variant) => {
    const { config, weights } = tinyModel(variant)
    const name = publish(variant, config, tinyFile(`${variant}/config.json`), weights)
    const { inputs } = readTinyGolden(variant)
    const expected = inputs.map(({ base }) => base.generation)
    expect(expected.some((tokens) => (tokens?.length ?? 0) > 4)).toBe(true)
    const found = await generate(
      name,
      inputs.map(({ inputIds }) => inputIds),
      8,
    )
    expect(found).toEqual(expected)
  })

  it('a model with its adapter merged', async () => {
    const folder = new URL('../fixtures/nano-fp32/', import.meta.url)
    const read = (path: string) => new Uint8Array(readFileSync(new URL(path, folder)))
    const config = parseT5Config(read('config.json'), 'config.json')
    const weights = readModelWeights(config, parseSafetensors(read('model.safetensors'), 'm'), 'm')
    const adapter = parseAdapter(config, {
      folder: 'adapter-finance',
      config: read('adapter-finance/adapter_config.json'),
      weights: read('adapter-finance/adapter_model.safetensors'),
    })
    const golden = JSON.parse(
      readFileSync(new URL('../fixtures/golden-nano.json', import.meta.url), 'utf8'),
    ) as { greedyGeneration: { inputIds: number[]; base: number[]; adapter: number[] }[] }
    const texts = golden.greedyGeneration.map(({ inputIds }) => inputIds)
    const base = publish('nano', config, read('config.json'), weights)
    expect(await generate(base, texts, 8)).toEqual(golden.greedyGeneration.map((one) => one.base))
    const tuned = publish('nano-tuned', config, read('config.json'), mergedWeights(weights, adapter))
    expect(await generate(tuned, texts, 8)).toEqual(golden.greedyGeneration.map((one) => one.adapter))
  })
})
