/**
 * A comparison that was saved as figures, as it is read again, and as it is stored under `compare/report` once it was opened.
 * Such a file may come from anybody: sizes and counts are bounded, and what is not needed is left out.
 */
import * as v from 'valibot'
import { setupChoiceSchema } from './compare-record'
import { handedOnTaskSchema } from './handed-on-task'

export const REPORT_KEY = 'compare/report'
export const REPORT_FORMAT = 'smallcap-comparison'
export const REPORT_VERSION = 2

/** Far more than any page writes. */
const NAME_CHARACTERS = 1000
const TEMPLATE_CHARACTERS = 100_000
const LABELS_AT_MOST = 1000
const SIDES_AT_MOST = 100
const PARTS_AT_MOST = 10_000

const name = v.pipe(v.string(), v.maxLength(NAME_CHARACTERS))
const template = v.pipe(v.string(), v.maxLength(TEMPLATE_CHARACTERS))
const count = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(Number.MAX_SAFE_INTEGER))
const share = v.pipe(v.number(), v.minValue(0), v.maxValue(1))
const sha256 = v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/))
const fingerprint = v.object({ count, sha256 })
const few = <T extends v.GenericSchema>(item: T, atMost: number) => v.pipe(v.array(item), v.maxLength(atMost))

const label = v.object({ id: name, words: name, aliases: few(name, LABELS_AT_MOST) })

const taskSchema = v.object({
  template,
  optionsSeparator: name,
  labels: v.pipe(few(label, LABELS_AT_MOST), v.minLength(2)),
  kShot: v.object({ demonstration: template, separator: template, query: template }),
  maxInputTokens: count,
})

const modeSchema = v.variant('kind', [
  v.object({ kind: v.literal('zero-shot') }),
  v.object({ kind: v.literal('as-trained') }),
  v.object({ kind: v.literal('fine-tuned'), adapter: name }),
  v.object({ kind: v.literal('k-shot'), demonstrations: fingerprint }),
])

const reportedSetup = v.object({
  choice: v.object({
    ...setupChoiceSchema.entries,
    model: name,
    adapter: v.nullable(name),
  }),
  modelName: name,
  task: taskSchema,
  mode: modeSchema,
  // The hashes of a model in many files are many.
  parts: few(v.object({ numberFormat: name, backend: name, weightsSha256: template }), PARTS_AT_MOST),
})
export type ReportedSetup = v.InferOutput<typeof reportedSetup>

const reportedSide = v.object({
  name,
  /** Null for the answers of another system. */
  setup: v.nullable(reportedSetup),
  figures: v.nullable(v.object({ n: count, accuracy: share, macroF1: share })),
})

/** The head of such a file, of whichever version. */
export const reportHeadSchema = v.object({ format: v.literal(REPORT_FORMAT), version: v.number() })

export const reportSchema = v.object({
  savedAt: name,
  texts: v.object({ ...fingerprint.entries, name }),
  gold: fingerprint,
  /** Reports were once saved without it. */
  task: v.exactOptional(handedOnTaskSchema),
  sides: few(reportedSide, SIDES_AT_MOST),
})
export type ReportRecord = v.InferOutput<typeof reportSchema>

export const openedReportSchema = v.object({
  version: v.literal(1),
  /** Of the file. */
  name: v.string(),
  report: reportSchema,
  /** Ids of the set-ups that were made of its sides, in their order; null for the answers of another system. */
  setupIds: v.array(v.nullable(v.string())),
})
export type OpenedReportRecord = v.InferOutput<typeof openedReportSchema>
