/** The last run as stored: one head, its lines in pages that are written once, its scores in pages that are written as they fill. */
import * as v from 'valibot'
import { NUMBER_FORMATS, type RunSummary } from '../engine/contract'
import type { Line } from '../domain/lines'
import type { RunPart } from '../domain/run-parts'
import { ScoreTable, type ScoreColumns } from '../domain/score-table'
import type { Mode, Task } from '../domain/task'
import { lineSchema } from './line-record'
import { kShotSchema, labelsSchema } from './task-record'
import { NOTHING, type Stored, type Workspace } from './workspace'

export const RESULTS_KEY = 'results'
export const PAGE_ROWS = 1000

/** What a run was asked: enough to ask the same again for one text. */
export interface RunSetup {
  readonly model: string
  readonly task: Task
  readonly mode: Mode
}

/** How a run stands: one found `running` broke off, by a failure or by the end of its page. */
const RUN_STATES = ['running', 'paused', 'stopped', 'done'] as const
export type RunState = (typeof RUN_STATES)[number]

export interface ResultsHead {
  readonly version: 2
  /** Ties the pages to their head: pages of another run are not read. */
  readonly runId: string
  readonly setup: RunSetup
  readonly summary: RunSummary
  readonly parts: readonly RunPart[]
  readonly state: RunState
  /** Scored lines, and lines in all. */
  readonly rows: number
  readonly total: number
}

interface LinesPage {
  readonly version: 2
  readonly runId: string
  readonly lines: readonly Line[]
}

interface ScoresPage extends ScoreColumns {
  readonly version: 2
  readonly runId: string
}

const taskSchema = v.object({
  template: v.string(),
  optionsSeparator: v.string(),
  labels: labelsSchema,
  kShot: kShotSchema,
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
  v.object({ kind: v.literal('as-trained') }),
]) satisfies v.GenericSchema<unknown, Mode>

const summarySchema = v.object({
  model: v.string(),
  weights: v.string(),
  numberFormat: v.picklist(NUMBER_FORMATS),
  backend: v.picklist(['wasm', 'webgpu']),
  device: v.exactOptional(v.string()),
  fallback: v.exactOptional(v.string()),
  loss: v.exactOptional(
    v.object({
      texts: v.number(),
      data: v.string(),
      equalLabels: v.number(),
      meanDifference: v.number(),
      p99Difference: v.number(),
    }),
  ),
  threads: v.number(),
  batching: v.string(),
  texts: v.number(),
  elapsedMs: v.number(),
}) satisfies v.GenericSchema<unknown, RunSummary>

const partSchema = v.object({
  rows: v.number(),
  batching: v.string(),
  threads: v.number(),
  device: v.exactOptional(v.string()),
  fallback: v.exactOptional(v.string()),
  // Parts were once all alike in these, and did not name them.
  backend: v.optional(v.string(), 'wasm'),
  numberFormat: v.optional(v.string(), 'int8'),
  weightsSha256: v.optional(v.string(), ''),
}) satisfies v.GenericSchema<unknown, RunPart>

export const resultsHeadSchema = v.object({
  version: v.literal(2),
  runId: v.string(),
  setup: v.object({ model: v.string(), task: taskSchema, mode: modeSchema }),
  summary: summarySchema,
  parts: v.array(partSchema),
  state: v.picklist(RUN_STATES),
  rows: v.number(),
  total: v.number(),
}) satisfies v.GenericSchema<unknown, ResultsHead>

export const linesSchema = v.object({
  version: v.literal(2),
  runId: v.string(),
  lines: v.array(lineSchema),
}) satisfies v.GenericSchema<unknown, LinesPage>

/** By name, for what comes out of storage may be of another realm than the page's own. */
const typed = <T extends ArrayBufferView>(name: string): v.GenericSchema<unknown, T> =>
  v.custom<T>((value) => Object.prototype.toString.call(value) === `[object ${name}]`)

export const scoresSchema = v.object({
  version: v.literal(2),
  runId: v.string(),
  probabilities: typed<Float64Array>('Float64Array'),
  scores: typed<Float64Array>('Float64Array'),
  inputTokens: typed<Uint32Array>('Uint32Array'),
  flags: typed<Uint8Array>('Uint8Array'),
  demonstrationsUsed: typed<Uint16Array>('Uint16Array'),
  milliseconds: typed<Float64Array>('Float64Array'),
}) satisfies v.GenericSchema<unknown, ScoresPage>

/** A run as it was stored: `table` covers the first of `lines`, fewer than all when it did not end. */
export interface StoredRun {
  readonly head: ResultsHead
  readonly lines: readonly Line[]
  readonly table: ScoreTable
}

export const linesKey = (page: number): string => `${RESULTS_KEY}/lines/${page}`
export const scoresKey = (page: number): string => `${RESULTS_KEY}/scores/${page}`

/** Entries that remove whatever is stored of a run, of an earlier form too. */
export const NO_RUN = { [RESULTS_KEY]: undefined, [`${RESULTS_KEY}/`]: undefined }

/** How many pages so many rows take. */
export const pagesOf = (rows: number): number => Math.ceil(rows / PAGE_ROWS)

/** The last run; none when none is stored, a page is missing, or the pages do not belong together. */
export async function readStoredRun(workspace: Workspace): Promise<Stored<StoredRun>> {
  const { value: head, isRefused } = await workspace.read(RESULTS_KEY, resultsHeadSchema)
  if (head === undefined) return { value: undefined, isRefused }
  const lines: Line[] = []
  for (let page = 0; page < pagesOf(head.total); page += 1) {
    const { value, isRefused } = await workspace.read(linesKey(page), linesSchema)
    if (value?.runId !== head.runId) return { value: undefined, isRefused }
    for (const line of value.lines) lines.push(line)
  }
  const table = new ScoreTable(head.total, head.setup.task.labels.length)
  for (let page = 0; page < pagesOf(head.rows); page += 1) {
    const { value, isRefused } = await workspace.read(scoresKey(page), scoresSchema)
    if (value?.runId !== head.runId || !added(table, value)) return { value: undefined, isRefused }
  }
  const isWhole = lines.length === head.total && table.count === head.rows
  return isWhole ? { value: { head, lines, table }, isRefused: false } : NOTHING
}

/** Adds a page unless it does not fit the run. */
function added(table: ScoreTable, page: ScoreColumns): boolean {
  try {
    table.addColumns(page)
    return true
  } catch (error) {
    if (error instanceof RangeError) return false
    throw error
  }
}

/** The entry of one page of a run's lines. */
export function linesEntry(runId: string, lines: readonly Line[], page: number): readonly [string, unknown] {
  const record: LinesPage = {
    version: 2,
    runId,
    lines: lines.slice(page * PAGE_ROWS, (page + 1) * PAGE_ROWS),
  }
  return [linesKey(page), record]
}

/** The entry of one page of a run's first `rows` scores; the table may have grown since. */
export function scoresEntry(
  runId: string,
  table: ScoreTable,
  rows: number,
  page: number,
): readonly [string, unknown] {
  const record: ScoresPage = {
    version: 2,
    runId,
    ...table.columns(page * PAGE_ROWS, Math.min(rows, (page + 1) * PAGE_ROWS)),
  }
  return [scoresKey(page), record]
}
