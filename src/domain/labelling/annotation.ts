/** What is labelled by hand, and what people said of it. */
import type { Line } from '../lines'

/** A text of a project. */
export interface Item extends Line {
  /** Unique in its project, and the same in every copy of it. */
  readonly id: string
}

/** What a model answered before the person did. */
export interface Suggestion {
  /** Probability by label id, over the labels of the project. */
  readonly probabilities: Readonly<Record<string, number>>
  readonly model: string
  /** `base` or the adapter's name. */
  readonly weights: string
  /** See `weightsHash`. */
  readonly weightsSha256: string
}

/**
 * How a label came to be. `hand`: chosen. `accepted`: the suggestion was taken by its key. `machine`: accepted unseen,
 * above a threshold. `imported`: read from a file.
 */
export const LABEL_SOURCES = ['hand', 'accepted', 'machine', 'imported'] as const
export type LabelSource = (typeof LABEL_SOURCES)[number]

/** What one annotator said of one item, as it stands now. */
export interface Annotation {
  readonly itemId: string
  readonly annotator: string
  /** Milliseconds since 1970 of the last change. */
  readonly at: number
  /** Undefined where the item was skipped, flagged or noted only. */
  readonly labelId?: string
  /** Of the label. */
  readonly source?: LabelSource
  /** What was on the screen, or stood in for the person, when the label was given. */
  readonly suggestion?: Suggestion
  readonly isSkipped: boolean
  readonly isFlagged: boolean
  /** Empty where there is none. */
  readonly note: string
}

/** The label id of the greatest probability; the first of equal ones, none where there are no labels. */
export function mostProbable({ probabilities }: Suggestion): string | undefined {
  const [best] = Object.entries(probabilities).toSorted(([, a], [, b]) => b - a)
  return best?.[0]
}
