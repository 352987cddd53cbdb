/**
 * Answers of several to the same texts, in columns: for each text the place of a label, or {@link NO_ANSWER}. Gold labels
 * are such a column, too.
 */
import {
  bootstrapMetrics,
  pairedBootstrap,
  type BootstrapIntervals,
  type PairedDifference,
} from './bootstrap-metrics'
import { countDiscordant, type Discordant } from './mcnemar'
import { metricsOf, type Metrics } from './metrics'
import { verdictOf, type Verdict } from './verdict'

export const NO_ANSWER = -1
export type Answers = Int16Array

/** Counts of [first][second] over the texts that have both. */
export function crossCounts(labels: number, first: Answers, second: Answers): number[][] {
  const counts = Array.from({ length: labels }, () => Array.from({ length: labels }, () => 0))
  const n = Math.min(first.length, second.length)
  for (let text = 0; text < n; text += 1) {
    const row = counts[first[text]!]
    const column = second[text]!
    if (row && column !== NO_ANSWER) row[column]! += 1
  }
  return counts
}

export interface Figures extends Metrics {
  readonly intervals: BootstrapIntervals
}

/** All figures of some answers against gold labels, over the texts that have both; undefined where there is none. */
export function figuresOf(
  labelIds: readonly string[],
  gold: Answers,
  answers: Answers,
  seed: number,
): Figures | undefined {
  const confusion = crossCounts(labelIds.length, gold, answers)
  const metrics = metricsOf(labelIds, confusion)
  return metrics.n === 0 ? undefined : { ...metrics, intervals: bootstrapMetrics(confusion, seed) }
}

/** What always answering the most frequent gold label comes to; undefined without gold labels. */
export function majorityFigures(labelIds: readonly string[], gold: Answers): Metrics | undefined {
  const { n, majority } = metricsOf(labelIds, crossCounts(labelIds.length, gold, gold))
  if (n === 0) return undefined
  const place = labelIds.indexOf(majority.labelId)
  return metricsOf(
    labelIds,
    crossCounts(
      labelIds.length,
      gold,
      gold.map(() => place),
    ),
  )
}

export interface PairOfSides extends PairedDifference {
  readonly counts: Discordant
  readonly verdict: Verdict
}

/** Who was right on the texts that both answered and that have a gold label. */
export function discordantOf(gold: Answers, first: Answers, second: Answers): Discordant {
  const places = sharedPlaces(gold, first, second)
  return countDiscordant(
    places.map((text) => first[text] === gold[text]),
    places.map((text) => second[text] === gold[text]),
  )
}

const sharedPlaces = (gold: Answers, first: Answers, second: Answers): readonly number[] =>
  [...gold.keys()].filter((text) =>
    [gold, first, second].every((column) => (column[text] ?? NO_ANSWER) !== NO_ANSWER),
  )

/** Whether the second is better than the first, on the texts that both answered and that have a gold label. */
export function pairOfSides(
  labels: number,
  gold: Answers,
  first: { readonly name: string; readonly answers: Answers },
  second: { readonly name: string; readonly answers: Answers },
  seed: number,
): PairOfSides {
  const places = sharedPlaces(gold, first.answers, second.answers)
  const among = (column: Answers) => places.map((text) => column[text]!)
  const [truth, one, other] = [among(gold), among(first.answers), among(second.answers)]
  const counts = discordantOf(gold, first.answers, second.answers)
  return {
    ...pairedBootstrap(labels, truth, one, other, seed),
    counts,
    verdict: verdictOf(first.name, second.name, counts),
  }
}

/** Places of the texts on which at least two answered and not all said the same. */
export function differingTexts(columns: readonly Answers[], texts: number): readonly number[] {
  const found: number[] = []
  for (let text = 0; text < texts; text += 1) {
    let said = NO_ANSWER
    const differs = columns.some((column) => {
      const answer = column[text] ?? NO_ANSWER
      if (answer === NO_ANSWER) return false
      if (said === NO_ANSWER) said = answer
      return said !== answer
    })
    if (differs) found.push(text)
  }
  return found
}

/** Places of the texts with a gold label that somebody answered and nobody answered right. */
export function missedTexts(gold: Answers, columns: readonly Answers[]): readonly number[] {
  return [...gold.keys()].filter((text) => {
    const said = columns.map((column) => column[text] ?? NO_ANSWER).filter((answer) => answer !== NO_ANSWER)
    return gold[text] !== NO_ANSWER && said.length > 0 && !said.includes(gold[text]!)
  })
}
