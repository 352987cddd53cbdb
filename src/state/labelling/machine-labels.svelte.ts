import { impliedErrorRate, type ImpliedErrorRate } from '../../domain/agreement/implied-error-rate'
import { mostProbable, type Suggestion } from '../../domain/labelling/annotation'
import type { ChangeEvent } from '../../domain/labelling/label-event'
import { isToDo } from '../../domain/labelling/queue'
import { createRandom, sample } from '../../domain/random'
import type { Labelling } from './labelling.svelte'

/** So many are enough to see that errors are rare: with none wrong among them, fewer than 1 in 10 of all are. */
const SAMPLE_ITEMS = 30

/** Labels that the model gives unseen where it is sure, and what a random sample of them says of all. */
export class MachineLabels {
  readonly #labelling: Labelling

  constructor(labelling: Labelling) {
    this.#labelling = labelling
  }

  /** Changes by which labels were given unseen, the last one first. */
  readonly #batches: readonly ChangeEvent[] = $derived.by(() =>
    this.#labelling.log.events
      .filter((event): event is ChangeEvent => event.kind === 'change')
      .filter(
        ({ change, annotator }) =>
          change.kind === 'label' && change.source === 'machine' && annotator === this.#labelling.annotator,
      )
      .toReversed(),
  )

  /** Items that are to do, whose most probable label has at least this probability. */
  above(threshold: number): readonly number[] {
    const { items, suggestions } = this.#labelling
    return items.all.flatMap((_, place) => {
      const suggestion = suggestions.at(place)
      return suggestion && isToDo(this.#labelling.annotationAt(place)) && sureness(suggestion) >= threshold
        ? [place]
        : []
    })
  }

  /** Labels those items as the model does, marked as its labels; one change for each label. */
  async accept(threshold: number): Promise<void> {
    const { items, suggestions, labels } = this.#labelling
    const places = this.above(threshold)
    for (const { id: labelId } of labels) {
      const own = places.filter((place) => {
        const suggestion = suggestions.at(place)
        return suggestion && mostProbable(suggestion) === labelId
      })
      const given = Object.fromEntries(
        own.flatMap((place) => {
          const [item, suggestion] = [items.all[place], suggestions.at(place)]
          return item && suggestion ? [[item.id, suggestion] as const] : []
        }),
      )
      await this.#labelling.changeMany(own, { kind: 'label', labelId, source: 'machine', suggestions: given })
    }
  }

  /** Items that have a label of the machine's now. */
  readonly standing: readonly number[] = $derived.by(() =>
    this.#labelling.items.all.flatMap((_, place) =>
      this.#labelling.annotationAt(place)?.source === 'machine' ? [place] : [],
    ),
  )

  /** Brings up a random sample of them to be labelled again, without what the machine said. */
  verify(): void {
    const { items, setup } = this.#labelling
    const ids = this.standing.flatMap((place) => items.all[place]?.id ?? [])
    if (ids.length === 0) return
    const verifying = sample(ids, SAMPLE_ITEMS, createRandom(setup.seed + this.#labelling.log.events.length))
    this.#labelling.change({ verifying })
    this.#labelling.queue.next()
  }
  stop(): void {
    this.#labelling.change({ verifying: null, verified: this.#labelling.setup.verifying ?? [] })
    this.#labelling.queue.next()
  }

  /** What the sample says so far: an item counts once it was labelled by hand. */
  readonly errors: (ImpliedErrorRate & { readonly asked: number }) | undefined = $derived.by(() => {
    const { verifying, verified } = this.#labelling.setup
    const ids = verifying ?? verified
    if (ids.length === 0) return undefined
    const machine = this.#given
    const checked = ids.flatMap((id) => {
      const now = this.#labelling.log.journal.annotation(id, this.#labelling.annotator)
      return now?.labelId === undefined || now.source === 'machine' ? [] : [now.labelId === machine.get(id)]
    })
    const wrong = checked.filter((isRight) => !isRight).length
    return { ...impliedErrorRate(wrong, checked.length), asked: ids.length }
  })

  /** The label that the machine gave each item last. */
  readonly #given: ReadonlyMap<string, string> = $derived.by(() => {
    const given = new Map<string, string>()
    for (const { itemIds, change } of this.#batches.toReversed())
      if (change.kind === 'label') for (const id of itemIds) given.set(id, change.labelId)
    return given
  })
}

const sureness = ({ probabilities }: Suggestion): number => Math.max(0, ...Object.values(probabilities))
