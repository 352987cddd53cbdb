import { parseAdapter, type Adapter } from '../formats/adapter'
import { asFp32 } from '../formats/as-fp32'
import { ModelFormatError } from '../formats/format-error'
import { readModelWeights } from '../formats/read-model-weights'
import { parseSafetensors } from '../formats/safetensors'
import { parseStrictJson } from '../formats/strict-json'
import { parseT5Config } from '../formats/t5-config'
import { parseTaskFile } from '../formats/task-file'
import { T5Model, type Compile } from '../t5/t5-model'
import { T5Tokenizer } from '../t5/tokenizer'
import type { Task } from '../../src/domain/task'
import type { LoadProgress, LoadRequest, ModelSummary } from '../../src/engine/contract'
import type { Checkpoint } from './jobs'
import type { ModelSource } from './model-source'
import { readModelFiles, type ModelFiles } from './read-model-files'

/** A model ready to run. */
export interface LoadedModel {
  readonly t5: T5Model
  readonly tokenizer: T5Tokenizer
  readonly adapters: ReadonlyMap<string, Adapter>
  readonly summary: ModelSummary
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
  { model, numberFormat }: LoadRequest,
  onProgress: (progress: LoadProgress) => void | Promise<void>,
  checkpoint: Checkpoint,
): Promise<LoadedModel> {
  const started = now()
  const files = await readModelFiles(source, model, onProgress, checkpoint)

  await onProgress({ phase: 'compiling' })
  await checkpoint()
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
  const t5 = new T5Model(config, weights, adapters, compile)
  await t5.prepare()

  await onProgress({ phase: 'warming up' })
  await checkpoint()
  await warmUp(t5, tokenizer, task, adapters)
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
  }
  return { t5, tokenizer, adapters: new Map(adapters.map((adapter) => [adapter.name, adapter])), summary }
}

function readTokenizer(files: ModelFiles, vocabSize: number): T5Tokenizer {
  const object = (path: string): object => {
    const value = parseStrictJson(files.bytes(path), path, 'content')
    if (typeof value === 'object' && value !== null) return value
    throw new ModelFormatError(path, 'content', 'a JSON object', typeof value)
  }
  const tokenizer = new T5Tokenizer(
    object('tokenizer.json'),
    files.has('tokenizer_config.json') ? object('tokenizer_config.json') : {},
  )
  // An id beyond the table would read other memory on a GPU, so it is refused before any text comes.
  if (tokenizer.idLimit > vocabSize)
    throw new ModelFormatError(
      'tokenizer.json',
      'the vocabulary',
      `ids below the ${String(vocabSize)} of config.json`,
      `id ${String(tokenizer.idLimit - 1)}`,
    )
  return tokenizer
}

/** One text through encoder and decoder, with each adapter: memory is laid out and threads are started. */
async function warmUp(
  t5: T5Model,
  tokenizer: T5Tokenizer,
  task: Task,
  adapters: readonly Adapter[],
): Promise<void> {
  const ids = tokenizer.encode(task.template).ids
  for (const adapter of [undefined, ...adapters]) await t5.encode([ids], adapter)
}
