import { differingTexts, missedTexts } from '../../domain/evaluation/compare-answers'
import type { Results, Side } from './results.svelte'

/** Which texts are listed. */
export type TextFilter =
  | { readonly kind: 'differ' | 'missed' | 'all' }
  /** Those of one cell of a side's confusion matrix; places of labels. */
  | { readonly kind: 'cell'; readonly sideId: string; readonly gold: number; readonly answer: number }

/** Texts with everybody's answers, those on which they differ first of all. */
export class TextList {
  readonly #results: Results
  #filter = $state.raw<TextFilter>({ kind: 'differ' })

  readonly differing: readonly number[] = $derived.by(() =>
    differingTexts(this.#columns, this.#results.lines.length),
  )
  readonly missed: readonly number[] = $derived.by(() => missedTexts(this.#results.gold, this.#columns))
  /** Places of the texts listed. */
  readonly shown: readonly number[] = $derived.by(() => {
    const filter = this.#filter
    if (filter.kind === 'cell') {
      const { gold } = this.#results
      const answers = this.side?.answers
      return [...gold.keys()].filter(
        (text) => gold[text] === filter.gold && answers?.[text] === filter.answer,
      )
    }
    if (filter.kind === 'all') return [...this.#results.lines.keys()]
    return filter.kind === 'differ' ? this.differing : this.missed
  })

  constructor(results: Results) {
    this.#results = results
  }

  get filter() {
    return this.#filter
  }
  /** The side whose cell is listed. */
  get side(): Side | undefined {
    const filter = this.#filter
    return filter.kind === 'cell' ? this.#results.sides.find(({ id }) => id === filter.sideId) : undefined
  }
  show(filter: TextFilter): void {
    this.#filter = filter
  }

  get #columns() {
    return this.#results.sides.map(({ answers }) => answers)
  }
}
