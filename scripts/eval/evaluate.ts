import type { DatasetKind, DatasetRow } from '../../src/domain/datasets'
import { topIndex } from '../../src/domain/margin'
import { computeMetrics, type Metrics } from '../../src/domain/evaluation/metrics'
import { createRandom, sample } from '../../src/domain/random'
import type { Mode } from '../../src/domain/task'
import type { Engine, EngineOutcome, ModelSummary, RunSummary, ScoredText } from '../../src/engine/contract'
import { DEMONSTRATIONS } from '../../src/samples/demonstrations'
import { BadInput } from './bad-input'
import type { EvalOptions } from './options'
import { readDataset } from './read-dataset'

export interface Evaluation {
  readonly data: { readonly file: string; readonly kind: DatasetKind; readonly rows: number }
  /** As asked; the pool of a k-shot run is the built-in one and is not repeated here. */
  readonly mode: string
  readonly run: RunSummary
  readonly metrics: Metrics
  readonly textsPerSecond: number
  readonly cut: number
  readonly unreadable: number
  /** Mean over the texts; fewer than k where they did not fit. */
  readonly demonstrationsUsed: number
}

/** Called with how many of how many texts are done. */
export type OnProgress = (done: number, total: number) => void

const MENDABLE = ['model-unavailable', 'invalid-model', 'invalid-request']

function valueOf<T>(outcome: EngineOutcome<T>): T {
  if (outcome.ok) return outcome.value
  if (MENDABLE.includes(outcome.error.code)) throw new BadInput(outcome.error.message)
  throw new Error(`${outcome.error.code}: ${outcome.error.message}`)
}

function modeOf(options: EvalOptions, model: ModelSummary): Mode {
  // A classifier can be asked in one way only.
  if (model.modes.includes('as-trained')) return { kind: 'as-trained' }
  if (options.mode === 'zero-shot') return { kind: 'zero-shot' }
  if (options.mode === 'k-shot') {
    const { k, policy, seed } = options
    return { kind: 'k-shot', k, policy, seed, pool: DEMONSTRATIONS }
  }
  const adapter = options.adapter ?? model.adapters[0]
  if (adapter === undefined)
    throw new BadInput(`${model.model} has no adapter, so it has no fine-tuned mode.`)
  return { kind: 'fine-tuned', adapter }
}

const nameOf = (mode: Mode): string =>
  mode.kind === 'k-shot' ? `${mode.k}-shot (${mode.policy}, seed ${mode.seed})` : mode.kind

/** Apart from `--seed`, so that runs with other demonstrations are measured on the same rows. */
const LIMIT_SEED = 13

/** Files are often sorted by label, so the rows are drawn, not taken from the top; they stay in file order. */
function limited(rows: readonly DatasetRow[], limit: number | undefined): readonly DatasetRow[] {
  if (limit === undefined || limit >= rows.length) return rows
  const kept = new Set(sample(rows, limit, createRandom(LIMIT_SEED)))
  return rows.filter((row) => kept.has(row))
}

/** Loads the model, classifies the file's texts and compares. Throws BadInput for what the command's writer can mend. */
export async function evaluate(
  engine: Engine,
  options: EvalOptions,
  onProgress: OnProgress,
): Promise<Evaluation> {
  const { numberFormat } = options
  const request = { model: options.model, ...(numberFormat && { numberFormat }) }
  const model = valueOf(await engine.load('load', request, () => undefined))
  const { labels } = model.task
  const dataset = await readDataset(options.data, labels, options.labelNames)
  const rows = limited(dataset.rows, options.limit)
  const mode = modeOf(options, model)
  const results: ScoredText[] = []
  const run = valueOf(
    await engine.classify(
      'classify',
      { model: options.model, task: model.task, mode, texts: rows.map((row) => row.text) },
      (some) => {
        results.push(...some)
        onProgress(results.length, rows.length)
      },
    ),
  )
  const predicted = results.map(({ probabilities }) => labels[topIndex(probabilities)]?.id ?? '')
  const gold = rows.map((row) => row.labelId)
  return {
    data: { file: options.data, kind: dataset.kind, rows: dataset.rows.length },
    mode: nameOf(mode),
    run,
    metrics: computeMetrics(
      labels.map((label) => label.id),
      gold,
      predicted,
    ),
    textsPerSecond: rows.length / (run.elapsedMs / 1000),
    cut: results.filter((result) => result.isCut).length,
    unreadable: results.filter((result) => result.isUnreadable).length,
    demonstrationsUsed: results.reduce((sum, result) => sum + result.demonstrationsUsed, 0) / results.length,
  }
}
