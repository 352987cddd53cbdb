import { parseAdapter, type Adapter } from '../formats/adapter'
import { asFp32 } from '../formats/as-fp32'
import { ModelFormatError } from '../formats/format-error'
import { readModelWeights } from '../formats/read-model-weights'
import { parseSafetensors } from '../formats/safetensors'
import { parseStrictJson } from '../formats/strict-json'
import { parseT5Config } from '../formats/t5-config'
import { parseTaskFile } from '../formats/task-file'
import { parseTokenizerFile } from '../formats/tokenizer-file'
import { PromiseCache } from '../t5/promise-cache'
import { T5Model, type Compile } from '../t5/t5-model'
import { T5Tokenizer } from '../t5/tokenizer'
import type { Task } from '../../src/domain/task'
import type { LoadProgress, LoadRequest, ModelSummary } from '../../src/engine/contract'
import { roomyBatches, singleTexts, type BatchingRule } from './batches'
import type { JobContext } from './jobs'
import type { ModelSource } from './model-source'
import { readModelFiles, type ModelFiles } from './read-model-files'
import { scoringOf, type Scoring } from './scoring'

/** A model ready to run. */
export interface LoadedModel {
  readonly t5: T5Model
  readonly tokenizer: T5Tokenizer
  readonly adapters: ReadonlyMap<string, Adapter>
  readonly summary: ModelSummary
  /** How its texts are put into batches. */
  readonly batchingRule: BatchingRule
  /** By template and labels, see {@link scoringOf}. */
  readonly scorings: Map<string, Scoring>
  /** Vectors [dModel] of demonstration pools, by the pool's texts: every run and every opened row asks for the same. */
  readonly poolVectors: PromiseCache<string, readonly Float32Array[]>
}

/** What the engine's surroundings give it. */
export interface EngineParts {
  readonly source: ModelSource
  readonly compile: Compile
  readonly threads: number
  readonly isCrossOriginIsolated: boolean
  /** Milliseconds from any fixed point. */
  readonly now: () => number
}

/** Reads, checks and compiles a model, and runs it once so that the first text does not pay for that. */
export async function loadModel(
  { source, compile, threads, now }: EngineParts,
  { model, numberFormat, isMemoryShort = false }: LoadRequest,
  onProgress: (progress: LoadProgress) => void | Promise<void>,
  context: JobContext,
): Promise<LoadedModel> {
  const started = now()
  const batchingRule = isMemoryShort ? singleTexts : roomyBatches
  const files = await readModelFiles(source, model, onProgress, context)

  await onProgress({ phase: 'compiling' })
  await context.checkpoint()
  const config = parseT5Config(files.bytes('config.json'), 'config.json')
  const weightsFile = files.only(/^model(\.\w+)?\.safetensors$/)
  const stored = readModelWeights(
    config,
    parseSafetensors(files.bytes(weightsFile), weightsFile),
    weightsFile,
  )
  if (numberFormat === 'int8' && !stored.isQuantised)
    throw new ModelFormatError(weightsFile, 'the weights', 'an int8 pack', 'floats')
  const adapters = files.adapters.map((folder) =>
    parseAdapter(config, {
      folder,
      config: files.bytes(`${folder}/adapter_config.json`),
      weights: files.bytes(`${folder}/adapter_model.safetensors`),
    }),
  )
  const tokenizer = readTokenizer(files, config.vocabSize)
  const { task } = parseTaskFile(files.bytes('task.json'), 'task.json')
  const weights = numberFormat === 'fp32' ? asFp32(stored) : stored
  const scorings = new Map<string, Scoring>()
  const t5 = new T5Model(config, weights, adapters, compile)
  try {
    await t5.prepare(adapters[0])
    await onProgress({ phase: 'warming up' })
    await context.checkpoint()
    await warmUp({ t5, tokenizer, scorings }, task, adapters[0])
  } catch (error) {
    await t5.dispose()
    throw error
  }
  const summary: ModelSummary = {
    model,
    parameters: stored.parameters,
    numberFormat,
    backend: 'wasm',
    threads,
    weightsBytes: stored.bytes,
    loadMs: now() - started,
    task,
    adapters: adapters.map(({ name }) => name),
    batching: batchingRule.words,
  }
  return {
    t5,
    tokenizer,
    summary,
    batchingRule,
    scorings,
    adapters: new Map(adapters.map((adapter) => [adapter.name, adapter])),
    poolVectors: new PromiseCache(),
  }
}

function readTokenizer(files: ModelFiles, vocabSize: number): T5Tokenizer {
  const json = parseTokenizerFile(files.bytes('tokenizer.json'), 'tokenizer.json', vocabSize)
  const settings = 'tokenizer_config.json'
  if (!files.has(settings)) return new T5Tokenizer(json, {})
  const config = parseStrictJson(files.bytes(settings), settings, 'content')
  if (typeof config === 'object' && config !== null) return new T5Tokenizer(json, config)
  throw new ModelFormatError(settings, 'content', 'a JSON object', typeof config)
}

/**
 * One text through encoder and decoder: graphs are compiled, memory is laid out and threads are started. Under the first
 * adapter where there is one, which is what a page asks for first; what else is asked for is compiled then.
 */
async function warmUp(
  model: Pick<LoadedModel, 't5' | 'tokenizer' | 'scorings'>,
  task: Task,
  adapter?: Adapter,
): Promise<void> {
  const { plan } = scoringOf(model, task)
  const { ids } = model.tokenizer.encode(task.template)
  await model.t5.classify([ids], plan, adapter)
}
