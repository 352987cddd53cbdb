import type { NumberFormat } from '../../src/engine/contract'
import { JsonFields } from './json-fields'
import { readNumberFormat } from './read-number-format'

const MAX_TEXTS = 1_000_000_000
const MAX_LOSSES = 256

/** What a number format costs one set of weights against the original. */
export interface WeightsLoss {
  readonly numberFormat: NumberFormat
  /** `base` or an adapter's name. */
  readonly weights: string
  /** Share of texts whose most probable label stayed the same, 0 to 1. */
  readonly equalLabels: number
  /** Mean of |Δp| over texts and labels. */
  readonly meanDifference: number
  /** 99th percentile of |Δp| over texts and labels. */
  readonly p99Difference: number
}

/** What the number formats of a pack cost: measured at conversion, on one data file, activations included. */
export interface FormatLoss {
  /** Name of the data file. */
  readonly data: string
  readonly texts: number
  readonly losses: readonly WeightsLoss[]
}

/** The loss that a pack's metadata tells of, undefined when it was not measured. Throws ModelFormatError naming the field. */
export function readFormatLoss(metadata: ReadonlyMap<string, string>, file: string): FormatLoss | undefined {
  const text = metadata.get('loss')
  if (text === undefined) return undefined
  const fields = JsonFields.parse(new TextEncoder().encode(text), `${file} (__metadata__.loss)`)
  const share = { min: 0, max: 1 }
  return {
    data: fields.text('data'),
    texts: fields.integer('texts', { min: 1, max: MAX_TEXTS }),
    losses: fields.fieldsList('losses', MAX_LOSSES).map((loss) => ({
      numberFormat: readNumberFormat(loss),
      weights: loss.text('weights'),
      equalLabels: loss.number('equalLabels', share),
      meanDifference: loss.number('meanDifference', share),
      p99Difference: loss.number('p99Difference', share),
    })),
  }
}
