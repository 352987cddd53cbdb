import { mostProbable, type Annotation } from '../../domain/labelling/annotation'
import { isOf, type ItemFilter } from '../../domain/labelling/queue'

export interface TallySources {
  /** What the annotator says of the project's items. */
  readonly annotations: () => readonly Annotation[]
  readonly items: () => number
}

/** How far one annotator has come, in numbers. */
export class LabelTally {
  readonly #sources: TallySources

  constructor(sources: TallySources) {
    this.#sources = sources
  }

  /** `toDo` are neither labelled nor skipped. */
  readonly counts = $derived.by(() => {
    const own = this.#sources.annotations()
    const count = (filter: ItemFilter): number => own.filter((annotation) => isOf(filter, annotation)).length
    const [labelled, skipped, all] = [count('labelled'), count('skipped'), this.#sources.items()]
    return { all, labelled, skipped, flagged: count('flagged'), toDo: all - labelled - skipped }
  })

  /** Of the labels that were given with a suggestion in sight, how many are equal to it. */
  readonly taken = $derived.by(() => {
    const seen = this.#sources
      .annotations()
      .filter(
        ({ labelId, suggestion, source }) => labelId !== undefined && suggestion && source !== 'machine',
      )
    const equal = seen.filter(({ labelId, suggestion }) => suggestion && mostProbable(suggestion) === labelId)
    return { shown: seen.length, equal: equal.length }
  })
}
