import { measuredLoss } from '../domain/format-loss'
import type { Line } from '../domain/lines'
import { toldOf, type RunPart } from '../domain/run-parts'
import type { ScoreTable } from '../domain/score-table'
import type { EngineError, ModelSummary, RunSummary } from '../engine/contract'
import type { RunSetup, StoredRun } from '../storage/results-record'

/** Results that are shown: they cover the first of `lines`, all of them once the run is done. */
export interface RunResults {
  readonly runId: string
  readonly setup: RunSetup
  readonly lines: readonly Line[]
  /** Shared by all states of a run, for rows are only added: its first `count` rows are those of this one. */
  readonly table: ScoreTable
  readonly count: number
  readonly summary: RunSummary
  readonly parts: readonly RunPart[]
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
  /** Held by the user, to be resumed. */
  | { readonly kind: 'paused' }
  /** Broke off in an earlier visit: its page was closed, or the run failed. */
  | { readonly kind: 'interrupted' }
  | { readonly kind: 'stopped' }
  | { readonly kind: 'done' }
  | { readonly kind: 'failed'; readonly error: EngineError }
  | { readonly kind: 'lost'; readonly reason: string }

/** What is known of a run's numbers before the engine sums them up: while it runs, and after it was stopped. */
export function provisionalSummary(
  setup: RunSetup,
  model: ModelSummary,
  parts: readonly RunPart[],
  texts: number,
  elapsedMs: number,
): RunSummary {
  const weights = setup.mode.kind === 'fine-tuned' ? setup.mode.adapter : 'base'
  const loss = measuredLoss(model.loss, weights)
  return {
    model: setup.model,
    weights,
    numberFormat: model.numberFormat,
    backend: model.backend,
    ...(model.device !== undefined && { device: model.device }),
    ...(model.fallback !== undefined && { fallback: model.fallback }),
    ...(loss && { loss }),
    threads: model.threads,
    batching: toldOf(parts, 'batching'),
    texts,
    elapsedMs,
  }
}

/** A stored run as it is shown again, and how it stands. */
export function shownAgain({ head, lines, table }: StoredRun): {
  readonly shown: RunResults
  readonly status: RunStatus
} {
  const { runId, setup, summary, parts, rows, total, state } = head
  const kind = rows === total ? 'done' : state === 'running' || state === 'done' ? 'interrupted' : state
  return { shown: { runId, setup, lines, table, count: rows, summary, parts }, status: { kind } }
}
