import type { LabelSet } from './label'

/** A labelled text shown to the model inside a k-shot prompt. */
export interface Demonstration {
  readonly text: string
  /** {@link Label.id} of the text's class. */
  readonly labelId: string
}

/** How a k-shot prompt is put together: demonstrations joined by `separator`, then the query. */
export interface KShotFormat {
  /** `{text}` and `{label}` (the label's words) are filled in. */
  readonly demonstration: string
  readonly separator: string
  /** `{text}` and, where the task has one, `{pair}` are filled in. */
  readonly query: string
}

/**
 * What the model is asked: a template, the labels whose words are scored, and limits.
 * A template that holds a sentinel (`<extra_id_0>`) is a cloze: the labels are scored in the sentinel's place.
 */
export interface Task {
  /** `{text}` is the text, `{pair}` a second one beside it; `{options}` the label words joined by `optionsSeparator`. */
  readonly template: string
  readonly optionsSeparator: string
  readonly labels: LabelSet
  readonly kShot: KShotFormat
  /** Prompt tokens, end token included, that the model was trained with. */
  readonly maxInputTokens: number
}

/** How the demonstrations of a k-shot prompt are chosen from the pool. */
export type DemonstrationPolicy = 'random' | 'balanced' | 'similar'

export type Mode =
  | { readonly kind: 'zero-shot' }
  | {
      readonly kind: 'k-shot'
      /** Demonstrations in a prompt; fewer are used where they do not fit. */
      readonly k: number
      readonly policy: DemonstrationPolicy
      readonly seed: number
      readonly pool: readonly Demonstration[]
    }
  | { readonly kind: 'fine-tuned'; readonly adapter: string }
  /** A classifier gets the text without a prompt and answers with the labels that it was trained on. */
  | { readonly kind: 'as-trained' }
