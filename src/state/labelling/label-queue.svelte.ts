import type { Annotation } from '../../domain/labelling/annotation'
import { isOf, isToDo, nextWanted, type ItemFilter } from '../../domain/labelling/queue'
import type { ItemList } from './item-list.svelte'
import { isByWorth, orderOf } from './item-order'
import type { LabelSetup } from './label-setup.svelte'
import type { QuickLearner } from './quick-learner.svelte'
import type { Suggestions } from './suggestions.svelte'

export interface QueueSources {
  readonly items: ItemList
  readonly setup: LabelSetup
  readonly suggestions: Suggestions
  readonly learner: QuickLearner
  /** What the annotator says of the item at a place. */
  readonly annotationAt: (place: number) => Annotation | undefined
}

/** Which item is looked at, and which come next; items are named by their places in the project. */
export class LabelQueue {
  readonly #sources: QueueSources
  #current = $state.raw(-1)
  #filter = $state.raw<ItemFilter>('all')

  // By themselves, so that going to another item orders nothing anew.
  readonly #order = $derived.by(() => this.#sources.setup.record.order)
  readonly #seed = $derived.by(() => this.#sources.setup.record.seed)
  readonly order: readonly number[] = $derived.by(() => {
    const { items, suggestions, learner } = this.#sources
    return orderOf(this.#order, items.all.length, this.#seed, {
      doubt: (place) => suggestions.doubtAt(place),
      entropy: (place) => suggestions.entropyAt(place),
      dispute: (place) => suggestions.disputeAt(place),
      difference: (place) => learner.differenceAt(place),
      worth: (place) => learner.worthAt(place),
    })
  })
  /** Places of the items that the list shows, in the order of the queue. */
  readonly shown: readonly number[] = $derived.by(() =>
    this.#filter === 'all'
      ? this.order
      : this.order.filter((place) => isOf(this.#filter, this.#sources.annotationAt(place))),
  )

  constructor(sources: QueueSources) {
    this.#sources = sources
  }

  get current() {
    return this.#current
  }
  get filter() {
    return this.#filter
  }

  show(filter: ItemFilter): void {
    this.#filter = filter
  }
  /**
   * Shows the item that was looked at last, or behind it the next that is to do: a tab that died may have stored its last
   * label and not that it went on.
   */
  resume(): void {
    const { items, setup } = this.#sources
    const { currentId } = setup.record
    this.#current = (currentId === null ? undefined : items.placeOf(currentId)) ?? -1
    if (this.#current < 0 || !this.#isWanted(this.#current)) this.next()
  }
  /** Shows the next item that is to do; stays when there is none. */
  next(): void {
    // An order by worth begins with what tells most now; another goes on behind the item.
    const from = isByWorth(this.#sources.setup.record.order) ? -1 : this.#current
    const isNext = (place: number): boolean => place !== this.#current && this.#isWanted(place)
    const next = nextWanted(this.order, from, isNext)
    if (next !== undefined) this.go(next)
  }
  /** Shows the item so many steps before or behind this one in the list. */
  move(steps: number): void {
    const at = this.shown.indexOf(this.#current)
    const place = this.shown[Math.min(this.shown.length - 1, Math.max(0, at + steps))]
    if (place !== undefined) this.go(place)
  }
  go(place: number): void {
    this.#current = place
    const id = this.#sources.items.all[place]?.id
    if (id !== undefined) this.#sources.setup.change({ currentId: id })
  }

  #isWanted(place: number): boolean {
    const { items, setup, annotationAt } = this.#sources
    const { verifying } = setup.record
    const annotation = annotationAt(place)
    if (!verifying) return isToDo(annotation)
    return verifying.includes(items.all[place]?.id ?? '') && annotation?.source === 'machine'
  }
}
