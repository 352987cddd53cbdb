import type { EngineError, ModelSummary, RunSummary, ScoredText } from '../engine/contract'
import type { Line } from '../domain/lines'
import type { RunSetup } from '../storage/results-record'

/** Results that are shown: `results` covers the first of `lines`, all of them once the run is done. */
export interface RunResults {
  readonly runId: string
  readonly setup: RunSetup
  readonly lines: readonly Line[]
  readonly results: readonly ScoredText[]
  readonly summary: RunSummary
}

export type RunStatus =
  | { readonly kind: 'idle' }
  | {
      readonly kind: 'running'
      readonly done: number
      readonly total: number
      /** Texts per second so far; undefined before the first result. */
      readonly perSecond: number | undefined
      readonly remainingMs: number | undefined
    }
  | { readonly kind: 'stopped' }
  | { readonly kind: 'done' }
  | { readonly kind: 'failed'; readonly error: EngineError }
  | { readonly kind: 'lost'; readonly reason: string }

/** What is known of a run's numbers before the engine sums them up: while it runs, and after it was stopped. */
export function provisionalSummary(
  setup: RunSetup,
  model: ModelSummary,
  texts: number,
  elapsedMs: number,
): RunSummary {
  return {
    model: setup.model,
    weights: setup.mode.kind === 'fine-tuned' ? setup.mode.adapter : 'base',
    numberFormat: model.numberFormat,
    backend: model.backend,
    threads: model.threads,
    batching: 'not reported: the run did not finish',
    texts,
    elapsedMs,
  }
}
