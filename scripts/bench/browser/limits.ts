import { renderQuery } from '../../../src/domain/template'
import type { NumberFormat } from '../../../src/engine/contract'
import { parseAdapter } from '../../../workers/formats/adapter'
import { asFp32 } from '../../../workers/formats/as-fp32'
import { parseModelManifest } from '../../../workers/formats/model-manifest'
import { readModelWeights } from '../../../workers/formats/read-model-weights'
import { parseSafetensors } from '../../../workers/formats/safetensors'
import { parseT5Config } from '../../../workers/formats/t5-config'
import { compileForWasm } from '../../../workers/runtime/session'
import { planScoring } from '../../../workers/t5/scoring-plan'
import { T5Model } from '../../../workers/t5/t5-model'
import { TextTokenizer } from '../../../workers/t5/tokenizer'
import { equalLengthBatches } from '../equal-lengths'
import { loadBareEncoder } from './bare-encoder'
import { readFile, readTask } from './model-files'

/** What ours is measured against: the model without prompts, tokenizer and queue around it. */
export interface Limits {
  /** Makes the tokens of the texts and returns their encoder passes, one text at a time; resolves to their number. */
  encoder(texts: readonly string[]): () => Promise<number>
  /** As {@link encoder}, with the label decoder behind it. */
  graph(texts: readonly string[]): () => Promise<number>
  /** The same number of tokens as the texts have, in full batches without padding, encoder and label decoder. */
  equalLengths(texts: readonly string[]): () => Promise<number>
}

/** Loads the model a second time, with the same graphs as the engine makes. */
export async function loadLimits(models: URL, model: string, numberFormat: NumberFormat): Promise<Limits> {
  const bytes = (path: string) => readFile(models, model, path)
  const json = async (path: string): Promise<object> => {
    const value: unknown = JSON.parse(new TextDecoder().decode(await bytes(path)))
    if (typeof value === 'object' && value !== null) return value
    throw new Error(`${path} holds no object`)
  }
  const task = await readTask(models, model)
  const tokenizer = new TextTokenizer(await json('tokenizer.json'), await json('tokenizer_config.json'))
  const { config, weights, adapters } = await readModel(bytes, numberFormat)
  const encode = await loadBareEncoder(config, weights)
  const t5 = new T5Model(config, weights, adapters, compileForWasm)
  await t5.prepare()
  const labels = task.labels.map(({ words }) => tokenizer.encodeLabel(words).ids)
  const plan = planScoring([config.decoderStartTokenId], labels, config.padTokenId)
  const tokensOf = (texts: readonly string[]) =>
    texts.map((text) => tokenizer.encode(renderQuery(task, text)).ids.slice(0, task.maxInputTokens))
  return {
    encoder(texts) {
      const prompts = tokensOf(texts)
      return async () => {
        for (const ids of prompts) await encode(ids)
        return count(prompts)
      }
    },
    graph(texts) {
      const prompts = tokensOf(texts)
      return async () => {
        for (const ids of prompts) await t5.classify([ids], plan)
        return count(prompts)
      }
    },
    equalLengths(texts) {
      const batches = equalLengthBatches(tokensOf(texts))
      return async () => {
        for (const batch of batches) await t5.classify(batch, plan)
        return count(batches.flat())
      }
    },
  }
}

async function readModel(bytes: (path: string) => Promise<Uint8Array>, numberFormat: NumberFormat) {
  const manifest = parseModelManifest(await bytes('model.json'), 'model.json')
  const config = parseT5Config(await bytes('config.json'), 'config.json')
  const weightsFile = manifest.files.find(({ path }) => /^model(\.\w+)?\.safetensors$/.test(path))?.path ?? ''
  const stored = readModelWeights(
    config,
    parseSafetensors(await bytes(weightsFile), weightsFile),
    weightsFile,
  )
  const adapters = await Promise.all(
    manifest.adapters.map(async (folder) =>
      parseAdapter(config, {
        folder,
        config: await bytes(`${folder}/adapter_config.json`),
        weights: await bytes(`${folder}/adapter_model.safetensors`),
      }),
    ),
  )
  return { config, weights: numberFormat === 'fp32' ? asFp32(stored) : stored, adapters }
}

const count = (prompts: readonly (readonly number[])[]): number =>
  prompts.reduce((sum, ids) => sum + ids.length, 0)
