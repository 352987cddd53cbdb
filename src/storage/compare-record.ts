/**
 * What is stored of a project's comparison.
 *
 * | key                 | value                                                        |
 * | ------------------- | ------------------------------------------------------------ |
 * | `compare`           | the set-ups, and which texts they are asked about            |
 * | `compare/article`   | figures of runs that were finished, for the article's table  |
 * | `compare/run/<id>/` | the run of a set-up, its records as those of the last run    |
 * | `compare/outside/`  | answers of other systems, see `outside-record.ts`            |
 * | `compare/report`    | a report that was opened, see `report-record.ts`             |
 */
import * as v from 'valibot'
import { NUMBER_FORMATS } from '../engine/contract'
import { SHOT_COUNTS } from './settings-record'

export const COMPARE_KEY = 'compare'
/** What the keys of a set-up's run begin with. */
export const compareRunPrefix = (id: string): string => `${COMPARE_KEY}/run/${id}/`

export const TEMPLATE_SOURCES = ['project', 'model'] as const
export const DATA_SOURCES = ['classify', 'labels'] as const

const numberFormat = v.nullable(v.picklist(NUMBER_FORMATS))
const template = v.picklist(TEMPLATE_SOURCES)

const setupSchema = v.object({
  /** Part of a key, so without what divides keys. */
  id: v.pipe(v.string(), v.regex(/^[^/]+$/)),
  model: v.string(),
  mode: v.picklist(['zero-shot', 'k-shot', 'fine-tuned']),
  /** Null for the model's first. */
  adapter: v.nullable(v.string()),
  k: v.picklist(SHOT_COUNTS),
  policy: v.picklist(['random', 'balanced', 'similar']),
  seed: v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(2 ** 31 - 1)),
  /** Whose template is filled in: the project's, where it has a task of its own, or the one that the model came with. */
  template,
  /** Null for the one that suits the model and the backend. */
  numberFormat,
  /** What its run was asked, as far as the run itself does not say so, and the bytes of its weights; null before the first. */
  ran: v.nullable(
    v.object({
      /** Of the run's answers. Records were once written without it. */
      runId: v.exactOptional(v.string()),
      template,
      numberFormat,
      weightsBytes: v.number(),
      /** Of ONNX Runtime's heap, see `compare/memory.svelte.ts`; left out before it was measured. */
      heapBytes: v.exactOptional(v.pipe(v.number(), v.integer(), v.minValue(1))),
    }),
  ),
})
export type SetupRecord = v.InferOutput<typeof setupSchema>

/** A set-up as it is chosen, wherever its answers lie. */
export const setupChoiceSchema = v.omit(setupSchema, ['id', 'ran'])
export type SetupChoice = v.InferOutput<typeof setupChoiceSchema>

export const comparisonSchema = v.object({
  version: v.literal(1),
  source: v.picklist(DATA_SOURCES),
  setups: v.array(setupSchema),
})
export type ComparisonRecord = v.InferOutput<typeof comparisonSchema>

export const NO_COMPARISON: ComparisonRecord = { version: 1, source: 'classify', setups: [] }
