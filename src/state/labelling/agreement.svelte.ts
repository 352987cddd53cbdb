import { krippendorffAlpha } from '../../domain/agreement/alpha'
import {
  compareLabels,
  disagreements,
  labellings,
  unitsOf,
  type Labelling as Labels,
} from '../../domain/agreement/compare-labels'
import { likelyLabelErrors } from '../../domain/agreement/label-errors'
import { mostProbable } from '../../domain/labelling/annotation'
import type { RunResults } from '../run-results'
import type { Labelling } from './labelling.svelte'
import { suggestionOf } from './suggestions.svelte'

/** Where annotators differ, what is decided is the label of an annotator of this name. */
export const ADJUDICATED = 'adjudicated'

/** Who labelled: an annotator, or a model's run. */
export interface Labeller {
  readonly name: string
  readonly kind: 'annotator' | 'run'
  readonly labels: Labels
}

/** How far annotators and runs agree over a project's items. */
export class Agreement {
  readonly #labelling: Labelling
  #first = $state.raw<string>()
  #second = $state.raw<string>()

  constructor(labelling: Labelling) {
    this.#labelling = labelling
  }

  /** Those who labelled something: annotators, then runs. */
  readonly sources: readonly Labeller[] = $derived.by(() => {
    const { log, suggestions } = this.#labelling
    const annotators = [...labellings(log.journal.annotations())].map(([name, labels]) => ({
      name,
      kind: 'annotator' as const,
      labels,
    }))
    const runs = suggestions.runs.map((run) => ({
      name: suggestions.nameOf(run),
      kind: 'run' as const,
      labels: this.#answers(run),
    }))
    return distinct([...annotators, ...runs])
  })
  /** The two that are compared; the first two where none were picked. */
  readonly first: Labeller | undefined = $derived.by(() => this.#find(this.#first) ?? this.sources[0])
  readonly second: Labeller | undefined = $derived.by(() => {
    const picked = this.#find(this.#second)
    return picked && picked !== this.first ? picked : this.sources.find((source) => source !== this.first)
  })
  readonly comparison = $derived.by(
    () =>
      this.first &&
      this.second &&
      compareLabels(
        this.#labelling.labels.map(({ id }) => id),
        this.first.labels,
        this.second.labels,
      ),
  )
  /** Of all annotators, decisions left out. */
  readonly alpha = $derived.by(() => krippendorffAlpha(unitsOf(this.#annotations), 1))
  /** Items that annotators gave different labels, the most disputed first, with what was decided. */
  readonly disputed = $derived.by(() =>
    disagreements(this.#annotations).map((dispute) => ({
      ...dispute,
      decided: this.#labelling.log.journal.annotation(dispute.itemId, ADJUDICATED)?.labelId,
    })),
  )
  /** Labels of the annotator that the run which suggests disagrees with although it is sure; places of items and the two labels. */
  readonly likelyErrors = $derived.by(() => {
    const { items, annotator, labels, log, suggestions } = this.#labelling
    const ids = labels.map(({ id }) => id)
    const rows = items.all.flatMap(({ id }, place) => {
      const suggestion = suggestions.at(place)
      const given = ids.indexOf(log.journal.annotation(id, annotator)?.labelId ?? '')
      return suggestion && given >= 0
        ? [{ place, given, probabilities: ids.map((label) => suggestion.probabilities[label] ?? 0) }]
        : []
    })
    return likelyLabelErrors(
      rows.map(({ given }) => given),
      rows.map(({ probabilities }) => probabilities),
    ).flatMap(({ index, given, suggested, lead }) => {
      const place = rows[index]?.place
      return place === undefined ? [] : [{ place, given: ids[given], suggested: ids[suggested], lead }]
    })
  })

  get #annotations() {
    return this.#labelling.log.journal.annotations().filter(({ annotator }) => annotator !== ADJUDICATED)
  }

  compare(first: string, second: string): void {
    this.#first = first
    this.#second = second
  }

  /** Settles what an item is, whoever said what. */
  async decide(itemId: string, labelId: string): Promise<boolean> {
    return this.#labelling.log.record(ADJUDICATED, {
      kind: 'change',
      itemIds: [itemId],
      change: { kind: 'label', labelId, source: 'hand' },
    })
  }

  #find(name: string | undefined): Labeller | undefined {
    return this.sources.find((source) => source.name === name)
  }

  #answers(run: RunResults): Labels {
    const answers = new Map<string, string>()
    for (const [place, { id }] of this.#labelling.items.all.entries()) {
      const suggestion = suggestionOf(run, place)
      const labelId = suggestion && mostProbable(suggestion)
      if (labelId !== undefined) answers.set(id, labelId)
    }
    return answers
  }
}

/** Two runs of one model and mode differ in what else they were asked; a number tells them apart. */
function distinct(sources: readonly Labeller[]): readonly Labeller[] {
  const taken = new Set<string>()
  return sources.map((source) => {
    let { name } = source
    for (let number = 2; taken.has(name); number += 1) name = `${source.name} (${number})`
    taken.add(name)
    return { ...source, name }
  })
}
