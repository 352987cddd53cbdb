import type { MadeLabel } from '../../domain/active/learn'
import { gainOf, type Gain } from '../../domain/active/learning-curve'
import type { ChangeEvent, LabelEvent } from '../../domain/labelling/label-event'
import { createRandom, sample } from '../../domain/random'
import type { EngineError } from '../../engine/contract'
import type { EngineClient } from '../../engine/engine-client'
import type { Learned } from '../../engine/learning'
import type { EngineOutcome, ModelSummary } from '../../engine/contract'
import type { Labelling } from './labelling.svelte'

/** So many texts are looked at; more would make each lesson slow. */
const TEXTS_AT_MOST = 10_000
/** Labels below which there is nothing to learn. */
const LABELS_AT_LEAST = 8
/** Labels below which so few are held out that the curve would be chance. */
const LABELS_FOR_CURVE = 40
/** The share of labels that is held out to measure on, drawn at random. */
const HELD_OUT_SHARE = 0.25

export interface LearnerSurroundings {
  readonly engine: EngineClient
  /** Loads the model that is picked; undefined where there is none. */
  readonly load: () => Promise<EngineOutcome<ModelSummary>>
}

/** What was learnt from how many labels. */
export interface Lesson extends Learned {
  readonly labels: number
  readonly heldOut: number
}

/** A quick head on the picked model's states, which learns from the annotator's labels as they come. */
export class QuickLearner {
  readonly #labelling: Labelling
  readonly #around: LearnerSurroundings
  #lesson = $state.raw<Lesson>()
  #isBusy = $state.raw(false)
  #trouble = $state.raw<EngineError>()
  /** Labels came since the lesson that is under way began. */
  #isStale = false

  constructor(labelling: Labelling, around: LearnerSurroundings) {
    this.#labelling = labelling
    this.#around = around
  }

  get lesson() {
    return this.#lesson
  }
  get isBusy() {
    return this.#isBusy
  }
  get trouble() {
    return this.#trouble
  }
  /** Labels that a person gave: a machine's are not learnt from. */
  readonly #byHand: number = $derived.by(
    () =>
      this.#labelling.log.journal
        .annotations(this.#labelling.annotator)
        .filter(({ labelId, source }) => labelId !== undefined && source !== 'machine').length,
  )
  /** Labels that are missing before anything can be learnt. */
  readonly missing: number = $derived.by(() => Math.max(0, LABELS_AT_LEAST - this.#byHand))
  /** Labels that are missing before a curve says something. */
  readonly missingForCurve: number = $derived.by(() => Math.max(0, LABELS_FOR_CURVE - this.#byHand))
  /** By how much the order made beat random order, as a share; undefined before it can be told. */
  readonly gain: Gain | undefined = $derived.by(() => this.#lesson && gainOf(this.#lesson.curve))

  readonly #worth = $derived.by(() => ranks(this.#lesson?.order))
  readonly #difference = $derived.by(() => ranks(this.#lesson?.byDifference))

  /** How much a label of the item at a place would teach, as of the last lesson. */
  worthAt(place: number): number | undefined {
    return this.#worth.get(place)
  }
  /** How unlike the labelled texts the item at a place is, likewise. */
  differenceAt(place: number): number | undefined {
    return this.#difference.get(place)
  }

  /** To be called when a label came. */
  note(): void {
    if (this.#labelling.setup.isLearning) void this.learn(false)
  }

  /** Learns from all labels; a second call meanwhile makes it learn once more afterwards. */
  async learn(withCurve: boolean): Promise<void> {
    if (this.#isBusy) {
      this.#isStale = true
      return
    }
    if (this.missing > 0) return
    this.#isBusy = true
    try {
      await this.#learnOnce(withCurve)
      while (this.#takeStale()) await this.#learnOnce(false)
    } finally {
      this.#isBusy = false
    }
  }

  /** Whether the lesson that just ended is out of date; true once. */
  #takeStale(): boolean {
    const isStale = this.#isStale
    this.#isStale = false
    return isStale && this.#trouble === undefined
  }

  async #learnOnce(withCurve: boolean): Promise<void> {
    const loaded = await this.#around.load()
    if (!loaded.ok) {
      this.#trouble = loaded.error
      return
    }
    const { items, labels } = this.#labelling
    const texts = items.all.slice(0, TEXTS_AT_MOST).map(({ text }) => text)
    const all = this.#made(texts.length)
    const heldOut = withCurve ? this.#heldOut(all) : []
    const out = new Set(heldOut)
    const made = all.filter((label) => !out.has(label))
    const learned = await this.#around.engine.learn({
      model: loaded.value.model,
      texts,
      classes: labels.length,
      made,
      heldOut,
      withCurve,
    })
    this.#trouble = learned.ok ? undefined : learned.error
    if (!learned.ok) return
    const curve = withCurve ? learned.value.curve : (this.#lesson?.curve ?? [])
    this.#lesson = {
      ...learned.value,
      curve,
      labels: all.length,
      heldOut: withCurve ? heldOut.length : (this.#lesson?.heldOut ?? 0),
    }
  }

  /** The same labels are held out again as long as no others came. */
  #heldOut(all: readonly MadeLabel[]): readonly MadeLabel[] {
    const { seed } = this.#labelling.setup
    return sample(all, Math.floor(all.length * HELD_OUT_SHARE), createRandom(seed))
  }

  /** The annotator's labels in the order in which they were made, each item once. */
  #made(texts: number): readonly MadeLabel[] {
    const { items, labels, log, annotator } = this.#labelling
    const ids = labels.map(({ id }) => id)
    const places = new Set<number>()
    for (const event of log.events)
      if (isLabelOf(event, annotator))
        for (const id of event.itemIds) {
          const place = items.placeOf(id)
          if (place !== undefined) places.add(place)
        }
    return [...places].flatMap((text) => {
      const annotation = this.#labelling.annotationAt(text)
      const label = ids.indexOf(annotation?.labelId ?? '')
      return text < texts && label >= 0 && annotation?.source !== 'machine' ? [{ text, label }] : []
    })
  }
}

/** The first is worth the most. */
const ranks = (order: readonly number[] = []): ReadonlyMap<number, number> =>
  new Map(order.map((place, rank) => [place, order.length - rank]))

const isLabelOf = (event: LabelEvent, annotator: string): event is ChangeEvent =>
  event.kind === 'change' && event.annotator === annotator && event.change.kind === 'label'
