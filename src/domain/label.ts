/** A class a text can get. */
export interface Label {
  /** Stable name in results and exports, e.g. `negative`. */
  readonly id: string
  /** The label word(s) whose probability the model is asked for (the verbalizer), e.g. `negative`. */
  readonly words: string
  /** Other names of the same class in datasets, e.g. `bearish`. */
  readonly aliases: readonly string[]
}

/** The classes of a task in display order; ordered labels keep their order (negative, neutral, positive). */
export type LabelSet = readonly Label[]
