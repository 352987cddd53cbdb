import type { Mode } from '../../../src/domain/task'
import type {
  Backend,
  Engine,
  EngineOutcome,
  ModelSummary,
  NumberFormat,
  ScoredText,
} from '../../../src/engine/contract'
import { topIndex } from '../../../src/domain/margin'
import { createEngine } from '../../../workers/engine/engine'
import { createFetchSource } from '../../../workers/engine/fetch-source'
import { findGpuAdapter } from '../../../workers/runtime/gpu-adapter'
import { heapBytes } from '../../../workers/runtime/heap'
import { compileForWasm } from '../../../workers/runtime/session'
import { compileForWebGpu } from '../../../workers/runtime/webgpu'
import type { Answer } from '../contract'

/** Our engine, asked through its contract. */
export interface Ours {
  readonly summary: ModelSummary
  /** Resolves to the tokens of all prompts. */
  classify(mode: Mode, texts: readonly string[]): Promise<number>
  answers(mode: Mode, texts: readonly string[]): Promise<Answer[]>
}

function valueOf<T>(outcome: EngineOutcome<T>): T {
  if (outcome.ok) return outcome.value
  throw new Error(`${outcome.error.code}: ${outcome.error.message}`)
}

function openEngine(models: URL, threads: number): Engine {
  return createEngine({
    source: createFetchSource(models),
    compile: compileForWasm,
    gpu: {
      find: findGpuAdapter,
      compile: (graph) => compileForWebGpu(graph, () => undefined),
      lost: new Promise(() => undefined),
    },
    threads,
    isCrossOriginIsolated: self.crossOriginIsolated,
    now: () => performance.now(),
    heapBytes,
  })
}

/** Loads a model into an engine of its own. */
export async function loadOurs(
  models: URL,
  model: string,
  { numberFormat, backend, threads }: { numberFormat: NumberFormat; backend: Backend; threads: number },
): Promise<Ours> {
  const engine = openEngine(models, threads)
  const summary = valueOf(await engine.load('load', { model, numberFormat, backend }, () => undefined))
  const classify = async (mode: Mode, texts: readonly string[]): Promise<ScoredText[]> => {
    const all: ScoredText[] = []
    const request = { model, task: summary.task, mode, texts }
    valueOf(await engine.classify('classify', request, (results) => void all.push(...results)))
    return all
  }
  return {
    summary,
    classify: async (mode, texts) =>
      (await classify(mode, texts)).reduce((sum, { inputTokens }) => sum + inputTokens, 0),
    answers: async (mode, texts) =>
      (await classify(mode, texts)).map(({ probabilities, scores }) => ({
        label: topIndex(probabilities),
        scores,
      })),
  }
}
