import type { Mode } from '../../../src/domain/task'
import type { EngineOutcome, ModelSummary, NumberFormat, ScoredText } from '../../../src/engine/contract'
import { topIndex } from '../../../src/domain/margin'
import { createEngine } from '../../../workers/engine/engine'
import { createFetchSource } from '../../../workers/engine/fetch-source'
import { compileForWasm } from '../../../workers/runtime/session'
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

/** Loads a model into an engine of its own. */
export async function loadOurs(
  models: URL,
  model: string,
  numberFormat: NumberFormat,
  threads: number,
): Promise<Ours> {
  const engine = createEngine({
    source: createFetchSource(models),
    compile: compileForWasm,
    threads,
    isCrossOriginIsolated: self.crossOriginIsolated,
    now: () => performance.now(),
  })
  const summary = valueOf(await engine.load('load', { model, numberFormat }, () => undefined))
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
