/** Who said what of which text, and where two of them differ: annotators, or an annotator and a run. */
import type { Annotation } from '../labelling/annotation'
import { confusionMatrix } from '../evaluation/metrics'
import { wilsonInterval, type Interval } from '../statistics/interval'
import { cohenKappa, type Kappa } from './kappa'

/** Label ids by item ids. */
export type Labelling = ReadonlyMap<string, string>

/** What each annotator labelled, in the order in which they first occur; skipped texts and notes alone are left out. */
export function labellings(annotations: readonly Annotation[]): ReadonlyMap<string, Labelling> {
  const found = new Map<string, Map<string, string>>()
  for (const { annotator, itemId, labelId, isSkipped } of annotations) {
    if (labelId === undefined || isSkipped) continue
    const labels = found.get(annotator) ?? new Map<string, string>()
    found.set(annotator, labels.set(itemId, labelId))
  }
  return found
}

export interface Comparison {
  readonly kappa: Kappa
  /** Share of equal labels with its Wilson interval at 95 %. */
  readonly agreement: number
  readonly agreementInterval: Interval
  /** The project's labels, then those that only the two have: rows and columns of the table. */
  readonly labelIds: readonly string[]
  /** Counts of [first][second]. */
  readonly confusion: readonly (readonly number[])[]
  /** Items on which they differ, in the first's order. */
  readonly differing: readonly { readonly itemId: string; readonly first: string; readonly second: string }[]
}

/** Compares two labellings on the texts that both labelled. */
export function compareLabels(labelIds: readonly string[], first: Labelling, second: Labelling): Comparison {
  const both = [...first].flatMap(([itemId, label]) => {
    const other = second.get(itemId)
    return other === undefined ? [] : [{ itemId, first: label, second: other }]
  })
  const all = [...new Set([...labelIds, ...both.flatMap((each) => [each.first, each.second])])]
  const confusion = confusionMatrix(
    all,
    both.map((each) => each.first),
    both.map((each) => each.second),
  )
  const kappa = cohenKappa(confusion)
  const differing = both.filter((each) => each.first !== each.second)
  return {
    kappa,
    agreement: kappa.observed,
    agreementInterval: wilsonInterval(both.length - differing.length, both.length),
    labelIds: all,
    confusion,
    differing,
  }
}

export interface Disagreement {
  readonly itemId: string
  readonly labelled: readonly { readonly annotator: string; readonly labelId: string }[]
  /** Share of annotators who did not give the most frequent label. */
  readonly dispute: number
}

/** Texts to which annotators gave different labels, the most disputed first, else in the order of the annotations. */
export function disagreements(annotations: readonly Annotation[]): readonly Disagreement[] {
  const byItem = new Map<string, { annotator: string; labelId: string }[]>()
  for (const { itemId, annotator, labelId, isSkipped } of annotations) {
    if (labelId === undefined || isSkipped) continue
    const labelled = byItem.get(itemId) ?? []
    labelled.push({ annotator, labelId })
    byItem.set(itemId, labelled)
  }
  const found = [...byItem].flatMap(([itemId, labelled]) => {
    const counts = new Map<string, number>()
    for (const { labelId } of labelled) counts.set(labelId, (counts.get(labelId) ?? 0) + 1)
    return counts.size < 2
      ? []
      : [{ itemId, labelled, dispute: 1 - Math.max(...counts.values()) / labelled.length }]
  })
  return found.sort((a, b) => b.dispute - a.dispute)
}

/** The labels that each text got, for agreement among all annotators. */
export function unitsOf(annotations: readonly Annotation[]): readonly (readonly string[])[] {
  const units = new Map<string, string[]>()
  for (const { itemId, labelId, isSkipped } of annotations) {
    if (labelId === undefined || isSkipped) continue
    const labels = units.get(itemId) ?? []
    labels.push(labelId)
    units.set(itemId, labels)
  }
  return [...units.values()]
}
