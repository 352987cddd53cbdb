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
