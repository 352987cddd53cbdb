import { parseAdapter, type Adapter } from '../formats/adapter'
import { asFp32 } from '../formats/as-fp32'
import { ModelFormatError } from '../formats/format-error'
import { PROBES_FILE } from '../formats/model-manifest'
import { parseProbesFile } from '../formats/probes-file'
import { readModelWeights } from '../formats/read-model-weights'
import { parseSafetensors } from '../formats/safetensors'
import { parseStrictJson } from '../formats/strict-json'
import { parseT5Config } from '../formats/t5-config'
import { parseTaskFile } from '../formats/task-file'
import { parseTokenizerFile } from '../formats/tokenizer-file'
import { PromiseCache } from '../t5/promise-cache'
import { dequantised } from '../t5/kernels'
import { T5Model, type Compile } from '../t5/t5-model'
import { T5Tokenizer } from '../t5/tokenizer'
import type { Task } from '../../src/domain/task'
import type { BackendCheck, LoadProgress, LoadRequest, ModelSummary } from '../../src/engine/contract'
import { roomyBatches, singleTexts, type BatchingRule } from './batches'
import { backendChecks } from './check-backend'
import type { JobContext } from './jobs'
import type { ModelSource } from './model-source'
import { readModelFiles, type ModelFiles } from './read-model-files'
import { scoringOf, type Scoring } from './scoring'
import { kernelsFor, suitableFormat } from './number-format'
import { findTarget, type Gpu } from './target'

const ADAPTER_WEIGHTS = 'adapter_model.safetensors'

/** A model ready to run. */
export interface LoadedModel {
  readonly t5: T5Model
  readonly tokenizer: T5Tokenizer
  readonly adapters: ReadonlyMap<string, Adapter>
  readonly summary: ModelSummary
  /** How its texts are put into batches. */
  readonly batchingRule: BatchingRule
  /**
   * To be awaited before a text is scored: where the backend is one to be checked, its first use with each adapter is.
   * @throws EngineFailure `backend-lost` when it computes wrong numbers
   */
  readonly check: (adapter: Adapter | undefined, context: JobContext) => Promise<BackendCheck | undefined>
  /** By template and labels, see {@link scoringOf}. */
  readonly scorings: Map<string, Scoring>
  /** Vectors [dModel] of demonstration pools, by the pool's texts: every run and every opened row asks for the same. */
  readonly poolVectors: PromiseCache<string, readonly Float32Array[]>
}

/** What the engine's surroundings give it. */
export interface EngineParts {
  readonly source: ModelSource
  /** For WASM. */
  readonly compile: Compile
  /** Missing where WebGPU is not to be had at all. */
  readonly gpu?: Gpu
  readonly threads: number
  readonly isCrossOriginIsolated: boolean
  /** Milliseconds from any fixed point. */
  readonly now: () => number
}

/** Reads, checks and compiles a model, and runs it once so that the first text does not pay for that. */
export async function loadModel(
  parts: EngineParts,
  request: LoadRequest,
  onProgress: (progress: LoadProgress) => void | Promise<void>,
  context: JobContext,
): Promise<LoadedModel> {
  const { threads, now } = parts
  const { model, isMemoryShort = false } = request
  const started = now()
  const batchingRule = isMemoryShort ? singleTexts : roomyBatches
  const target = await findTarget(parts, request)
  const isChecked = target.backend === 'webgpu'
  const files = await readModelFiles(parts.source, model, onProgress, context, isChecked)

  await onProgress({ phase: 'compiling' })
  await context.checkpoint()
  const config = parseT5Config(files.bytes('config.json'), 'config.json')
  const weightsFile = files.only(/^model(\.\w+)?\.safetensors$/)
  const stored = readModelWeights(
    config,
    parseSafetensors(files.bytes(weightsFile), weightsFile),
    weightsFile,
  )
  const numberFormat = request.numberFormat ?? suitableFormat(stored.storedFormat, target)
  const kernels = kernelsFor(numberFormat, stored.storedFormat, target, weightsFile)
  const adapters = files.adapters.map((folder) =>
    parseAdapter(config, {
      folder,
      config: files.bytes(`${folder}/adapter_config.json`),
      weights: files.bytes(`${folder}/${ADAPTER_WEIGHTS}`),
    }),
  )
  const tokenizer = readTokenizer(files, config.vocabSize)
  const { task } = parseTaskFile(files.bytes('task.json'), 'task.json')
  const probes = isChecked ? parseProbesFile(files.bytes(PROBES_FILE), PROBES_FILE) : []
  const weights = numberFormat === 'fp32' ? asFp32(stored) : stored
  const t5 = new T5Model(config, weights, adapters, target.compile, { kernels })
  const scorings = new Map<string, Scoring>()
  const unmeasured: LoadedModel = {
    t5,
    tokenizer,
    batchingRule,
    scorings,
    summary: {
      model,
      parameters: stored.parameters,
      numberFormat,
      backend: target.backend,
      ...(target.device !== undefined && { device: target.device }),
      threads,
      weightsBytes: stored.bytes,
      loadMs: 0,
      task,
      adapters: adapters.map(({ name }) => name),
      weightsSha256: hashesOf(files, weightsFile, adapters),
      batching: batchingRule.words,
    },
    check: () => Promise.resolve(undefined),
    adapters: new Map(adapters.map((adapter) => [adapter.name, adapter])),
    poolVectors: new PromiseCache(),
  }
  const check = isChecked
    ? backendChecks(unmeasured, probes, () => {
        const options = { kernels: dequantised }
        return new T5Model(config, weights, adapters, parts.compile, options)
      })
    : unmeasured.check
  try {
    await t5.prepare(adapters[0])
    await onProgress({ phase: isChecked ? 'compiling shaders' : 'warming up' })
    await context.checkpoint()
    await warmUp({ t5, tokenizer, scorings }, task, adapters[0])
    if (isChecked) await onProgress({ phase: 'checking' })
    const checked = await check(adapters[0], context)
    const summary: ModelSummary = {
      ...unmeasured.summary,
      ...(checked && { check: checked }),
      loadMs: now() - started,
    }
    return { ...unmeasured, summary, check }
  } catch (error) {
    await t5.dispose()
    throw error
  }
}

function hashesOf(
  files: ModelFiles,
  weightsFile: string,
  adapters: readonly Adapter[],
): Readonly<Record<string, string>> {
  const hashes = new Map([['base', files.sha256(weightsFile)]])
  for (const [place, folder] of files.adapters.entries())
    hashes.set(adapters[place]?.name ?? folder, files.sha256(`${folder}/${ADAPTER_WEIGHTS}`))
  return Object.fromEntries(hashes)
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
