import { commonLabels, placesAmong } from '../../domain/evaluation/common-labels'
import {
  figuresOf,
  majorityFigures,
  NO_ANSWER,
  type Answers,
  type Figures,
} from '../../domain/evaluation/compare-answers'
import { findLabel } from '../../domain/find-label'
import type { Label, LabelSet } from '../../domain/label'
import type { Line } from '../../domain/lines'
import type { RunResults } from '../run-results'
import type { Comparison } from './comparison.svelte'
import type { Outside, OutsideAnswers } from './outside.svelte'
import type { Setup } from './setup.svelte'

/** Resamples are drawn from this seed, so that the same answers give the same intervals again. */
export const RESAMPLING_SEED = 1

/** One whose answers are compared. */
export interface Side {
  readonly id: string
  readonly name: string
  /** For each text, the place of its answer among the labels of all. */
  readonly answers: Answers
  /** The probability of each answer; not a number where a file gives none. Undefined where nobody says how sure it is. */
  readonly confidences: Float64Array | undefined
  /** Its number among all, from 1. */
  readonly number: number
  /** Undefined for the answers of another system. */
  readonly setup: Setup | undefined
}

const NO_LINES: readonly Line[] = []

/** The probability of each answer in a file, where it gives one; undefined where it gives none at all. */
function confidencesOf({ record, matched }: OutsideAnswers): Float64Array | undefined {
  const places = new Map(record.labels.map(({ id }, place) => [id, place]))
  const given = Float64Array.from(matched.byLine, (said) => {
    const place = said && places.get(said.labelId)
    return place === undefined ? Number.NaN : (said?.probabilities?.[place] ?? Number.NaN)
  })
  return given.every(Number.isNaN) ? undefined : given
}

/** What the set-ups' answers come to, side by side and against the gold labels. */
export class Results {
  readonly #comparison: Comparison
  readonly #outside: Outside
  #before: { readonly key: string; readonly labels: LabelSet } | undefined
  /** By answers, all of them to the texts and labels of now. */
  #columns = new WeakMap<RunResults, Answers>()
  #outsideColumns = new WeakMap<object, Answers>()
  readonly #outsideConfidences = new WeakMap<object, Pick<Side, 'confidences'>>()
  #figures = new WeakMap<Answers, { readonly figures: Figures | undefined }>()

  readonly #answered = $derived.by(() =>
    this.#comparison.setups.flatMap((setup, place) => {
      const { answers } = setup
      const name = this.#comparison.names[place] ?? ''
      return answers ? [{ setup, answers, name, number: place + 1 }] : []
    }),
  )
  readonly lines: readonly Line[] = $derived.by(() => this.#comparison.lines ?? NO_LINES)
  readonly #goldIds: readonly string[] = $derived.by(() => [
    ...new Set(this.lines.flatMap(({ goldId }) => (goldId === undefined ? [] : [goldId]))),
  ])
  /** The labels of all set-ups, those of the first one first, and gold labels that are none of them. */
  readonly labels: LabelSet = $derived.by(() => {
    const asked = [
      ...this.#answered.map(({ answers }) => answers.setup.task.labels),
      ...this.#outside.all.map(({ record }) => record.labels),
    ]
    const gold = this.#goldIds.map((id): Label => ({ id, words: id, aliases: [] }))
    const labels = asked.length === 0 ? [] : commonLabels([...asked, gold])
    const key = JSON.stringify(labels)
    // The same labels are the same object, so that figures are not made anew with every answer that comes in.
    if (this.#before?.key !== key) this.#before = { key, labels }
    return this.#before.labels
  })
  readonly labelIds: readonly string[] = $derived.by(() => this.labels.map(({ id }) => id))
  readonly gold: Answers = $derived.by(() => {
    const places = new Map(
      this.#goldIds.map((id) => {
        const label = findLabel(this.labels, id)
        return [id, label ? this.labels.indexOf(label) : NO_ANSWER]
      }),
    )
    // What was made against other gold labels or labels does not hold any more.
    this.#columns = new WeakMap()
    this.#outsideColumns = new WeakMap()
    this.#figures = new WeakMap()
    return Int16Array.from(this.lines, ({ goldId }) =>
      goldId === undefined ? NO_ANSWER : (places.get(goldId) ?? NO_ANSWER),
    )
  })
  readonly hasGold: boolean = $derived.by(() => this.gold.some((place) => place !== NO_ANSWER))
  readonly sides: readonly Side[] = $derived.by(() => {
    // Read first: it lets go of what does not hold any more.
    const texts = this.gold.length
    const own = this.#answered.map(({ setup, answers, name, number }) => ({
      ...{ id: setup.id, name, number, setup },
      answers: this.#columnOf(answers, texts),
      confidences: answers.table.tops.subarray(0, answers.count),
    }))
    const first = this.#comparison.setups.length + 1
    const others = this.#outside.all.map((answers, place) => this.#outsideSide(answers, first + place))
    return [...own, ...others]
  })
  /** What always answering the most frequent label comes to. */
  readonly majority = $derived.by(() => majorityFigures(this.labelIds, this.gold))

  constructor(comparison: Comparison, outside: Outside) {
    this.#comparison = comparison
    this.#outside = outside
  }

  /** The side of a set-up or of another system, where it has answers. */
  sideOf({ id }: { readonly id: string }): Side | undefined {
    return this.sides.find((side) => side.id === id)
  }

  /** Figures of a side against the gold labels; undefined where no text that it answered has one. */
  figuresOf({ answers }: Side): Figures | undefined {
    const { gold, labelIds } = this
    const known = this.#figures.get(answers)
    if (known) return known.figures
    const figures = figuresOf(labelIds, gold, answers, RESAMPLING_SEED)
    this.#figures.set(answers, { figures })
    return figures
  }

  #outsideSide(outside: OutsideAnswers, number: number): Side {
    const { id, record, matched } = outside
    const places = new Map(
      record.labels.map((label, place) => [label.id, placesAmong(this.labels, record.labels)[place]]),
    )
    const answers =
      this.#outsideColumns.get(matched) ??
      Int16Array.from(matched.byLine, (said) => (said && places.get(said.labelId)) ?? NO_ANSWER)
    this.#outsideColumns.set(matched, answers)
    const known = this.#outsideConfidences.get(matched)
    const confidences = known ? known.confidences : confidencesOf(outside)
    this.#outsideConfidences.set(matched, { confidences })
    return { id, name: record.name, number, setup: undefined, answers, confidences }
  }

  #columnOf(results: RunResults, texts: number): Answers {
    const known = this.#columns.get(results)
    if (known) return known
    const places = placesAmong(this.labels, results.setup.task.labels)
    const column = new Int16Array(texts).fill(NO_ANSWER)
    const { winners } = results.table
    for (let text = 0; text < Math.min(texts, results.count); text += 1)
      column[text] = places[winners[text] ?? NO_ANSWER] ?? NO_ANSWER
    this.#columns.set(results, column)
    return column
  }
}
