/** What a number format costs against the original, as measured when the pack was made. */
export interface FormatLoss {
  /** The texts that it was measured on, and the name of their file. */
  readonly texts: number
  readonly data: string
  /** By an adapter's name, or `base`. */
  readonly byWeights: Readonly<Record<string, WeightsLoss>>
}

export interface WeightsLoss {
  /** Share of texts whose most probable label stayed the same, 0 to 1. */
  readonly equalLabels: number
  /** Mean and 99th percentile of |Δp| over texts and labels. */
  readonly meanDifference: number
  readonly p99Difference: number
}

/** The loss of some weights with what it was measured on: enough to be told by itself. */
export interface MeasuredLoss extends WeightsLoss {
  readonly texts: number
  readonly data: string
}

/** The loss of these weights; undefined where it was not measured. @param weights an adapter's name, or `base` */
export function measuredLoss(loss: FormatLoss | undefined, weights: string): MeasuredLoss | undefined {
  const { texts, data, byWeights } = loss ?? { texts: 0, data: '', byWeights: {} }
  const measured = Object.hasOwn(byWeights, weights) ? byWeights[weights] : undefined
  return measured && { ...measured, texts, data }
}
