import { isOnnxKind } from '../formats/onnx-layout'
import { PromiseCache } from '../t5/promise-cache'
import type { Compile } from '../t5/t5-model'
import type { LoadProgress, LoadRequest, ModelSummary } from '../../src/engine/contract'
import { roomyBatches, singleTexts } from './batches'
import { backendChecks } from './check-backend'
import { exportBytes } from './export-bytes'
import { EngineFailure } from './engine-failure'
import type { JobContext } from './jobs'
import type { LoadedModel } from './loaded-model'
import type { ModelSource } from './model-source'
import { readModelFiles } from './read-model-files'
import { readOnnx } from './read-onnx'
import { readT5 } from './read-t5'
import { scoringOf } from './scoring'
import { findTarget, type Gpu } from './target'

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
  /** Bytes of ONNX Runtime's heap. */
  readonly heapBytes: () => number
}

/** Reads, checks and compiles a model, and runs it once so that the first text does not pay for that. */
export async function loadModel(
  parts: EngineParts,
  request: LoadRequest,
  onProgress: (progress: LoadProgress) => void | Promise<void>,
  context: JobContext,
): Promise<LoadedModel> {
  const { threads, now } = parts
  const { model, numberFormat, isMemoryShort = false } = request
  const started = now()
  const target = await findTarget(parts, request)
  const wanted = { withProbes: target.backend === 'webgpu', numberFormat }
  const files = await readModelFiles(parts.source, model, onProgress, context, wanted)

  if (files.kind === 'adapter')
    throw new EngineFailure(
      'invalid-request',
      `${model} is an adapter: load its base model and add it there.`,
    )
  await onProgress({ phase: 'compiling' })
  await context.checkpoint()
  const read = isOnnxKind(files.kind)
    ? await readOnnx(files.kind, files, request, target)
    : readT5(files, request, target, parts.compile)
  const { scorer, adapters, reference, batching = roomyBatches } = read
  const named = adapters.map((adapter) => [adapter.name, adapter] as const)
  const batchingRule = isMemoryShort ? singleTexts : batching
  const unmeasured: LoadedModel = {
    ...read,
    wanted: numberFormat,
    batchingRule,
    scorings: new Map(),
    summary: {
      ...read.summary,
      model,
      backend: target.backend,
      ...(target.device !== undefined && { device: target.device }),
      threads,
      loadMs: 0,
      adapters: named.map(([name]) => name),
      ...(read.t5 && { exportBytes: exportBytes(read.t5, named) }),
      batching: batchingRule.words,
    },
    check: () => Promise.resolve(undefined),
    adapters: new Map(named),
    put: new Map(),
    poolVectors: new PromiseCache(),
    textVectors: new Map(),
  }
  const check = reference ? backendChecks(unmeasured, reference) : unmeasured.check
  try {
    await scorer.prepare(adapters[0])
    await onProgress({ phase: reference ? 'compiling shaders' : 'warming up' })
    await context.checkpoint()
    await warmUp(unmeasured)
    if (reference) await onProgress({ phase: 'checking' })
    const checked = await check(adapters[0], context)
    const summary: ModelSummary = {
      ...unmeasured.summary,
      ...(checked && { check: checked }),
      loadMs: now() - started,
    }
    return { ...unmeasured, summary, check }
  } catch (error) {
    await scorer.dispose()
    throw error
  }
}

/**
 * One text through the model: graphs are compiled, memory is laid out and threads are started. Under the first adapter
 * where there is one, which is what a page asks for first; what else is asked for is compiled then.
 */
async function warmUp(model: LoadedModel): Promise<void> {
  const { scorer, tokenizer, adapters, summary } = model
  const { plan } = scoringOf(model, summary.task)
  const { ids } = tokenizer.encode(summary.task.template)
  const [adapter] = adapters.values()
  await scorer.classify([ids], plan, adapter)
}
