/** The last run as stored: one head, and its lines and scores in pages that are written as they fill. */
import * as v from 'valibot'
import type { RunSummary, ScoredText } from '../engine/contract'
import type { Line } from '../domain/lines'
import type { Mode, Task } from '../domain/task'
import { lineSchema } from './line-record'
import type { Workspace } from './workspace'

export const RESULTS_KEY = 'results'
export const PAGE_ROWS = 1000

/** What a run was asked: enough to ask the same again for one text. */
export interface RunSetup {
  readonly model: string
  readonly task: Task
  readonly mode: Mode
}

export interface ResultsHead {
  readonly version: 1
  /** Ties the pages to their head: pages of another run are not read. */
  readonly runId: string
  readonly setup: RunSetup
  readonly summary: RunSummary
  /** Scored lines, and lines in all. */
  readonly rows: number
  readonly total: number
}

export interface ResultsPage {
  readonly version: 1
  readonly runId: string
  readonly lines: readonly Line[]
  readonly rows: readonly ScoredText[]
}

const labelSchema = v.object({ id: v.string(), words: v.string(), aliases: v.array(v.string()) })

const taskSchema = v.object({
  template: v.string(),
  optionsSeparator: v.string(),
  labels: v.pipe(v.array(labelSchema), v.minLength(2)),
  kShot: v.object({ demonstration: v.string(), separator: v.string(), query: v.string() }),
  maxInputTokens: v.number(),
}) satisfies v.GenericSchema<unknown, Task>

const modeSchema = v.variant('kind', [
  v.object({ kind: v.literal('zero-shot') }),
  v.object({
    kind: v.literal('k-shot'),
    k: v.number(),
    policy: v.picklist(['random', 'balanced', 'similar']),
    seed: v.number(),
    pool: v.array(v.object({ text: v.string(), labelId: v.string() })),
  }),
  v.object({ kind: v.literal('fine-tuned'), adapter: v.string() }),
]) satisfies v.GenericSchema<unknown, Mode>

const summarySchema = v.object({
  model: v.string(),
  weights: v.string(),
  numberFormat: v.picklist(['int8', 'fp32']),
  backend: v.literal('wasm'),
  threads: v.number(),
  batching: v.string(),
  texts: v.number(),
  elapsedMs: v.number(),
}) satisfies v.GenericSchema<unknown, RunSummary>

const headSchema = v.object({
  version: v.literal(1),
  runId: v.string(),
  setup: v.object({ model: v.string(), task: taskSchema, mode: modeSchema }),
  summary: summarySchema,
  rows: v.number(),
  total: v.number(),
}) satisfies v.GenericSchema<unknown, ResultsHead>

const rowSchema = v.object({
  index: v.number(),
  probabilities: v.array(v.number()),
  scores: v.array(v.number()),
  inputTokens: v.number(),
  isCut: v.boolean(),
  isUnreadable: v.boolean(),
  demonstrationsUsed: v.number(),
  milliseconds: v.number(),
}) satisfies v.GenericSchema<unknown, ScoredText>

const pageSchema = v.object({
  version: v.literal(1),
  runId: v.string(),
  lines: v.array(lineSchema),
  rows: v.array(rowSchema),
}) satisfies v.GenericSchema<unknown, ResultsPage>

/** A run as it was stored: `results` covers the first of `lines`, fewer than all when it was stopped. */
export interface StoredRun {
  readonly head: ResultsHead
  readonly lines: readonly Line[]
  readonly results: readonly ScoredText[]
}

export const pageKey = (page: number): string => `${RESULTS_KEY}/${page}`

/** The last run, or undefined when none is stored, a page is missing, or the pages do not belong together. */
export async function readStoredRun(workspace: Workspace): Promise<StoredRun | undefined> {
  const head = await workspace.read(RESULTS_KEY, headSchema)
  if (head === undefined) return undefined
  const lines: Line[] = []
  const results: ScoredText[] = []
  for (let page = 0; page * PAGE_ROWS < head.total; page += 1) {
    const stored = await workspace.read(pageKey(page), pageSchema)
    if (stored?.runId !== head.runId) return undefined
    lines.push(...stored.lines)
    results.push(...stored.rows)
  }
  const labels = head.setup.task.labels.length
  const isWhole =
    lines.length === head.total &&
    results.length === head.rows &&
    results.every(
      (row, index) =>
        row.index === index && row.probabilities.length === labels && row.scores.length === labels,
    )
  return isWhole ? { head, lines, results } : undefined
}

/** The entry of one page of a run's lines and scores. */
export function pageEntry(run: StoredRun, page: number): readonly [string, ResultsPage] {
  const [start, end] = [page * PAGE_ROWS, (page + 1) * PAGE_ROWS]
  const record: ResultsPage = {
    version: 1,
    runId: run.head.runId,
    lines: run.lines.slice(start, end),
    rows: run.results.slice(start, end),
  }
  return [pageKey(page), record]
}
