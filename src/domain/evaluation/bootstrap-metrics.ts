/**
 * How far accuracy and macro-F1 would swing with other texts of the same kind. Rows are resampled with replacement by
 * drawing the counts of the confusion matrix's cells, which are multinomial: the very distribution that resampling row by
 * row has, for a cost that does not depend on the number of rows.
 */
import { createRandom } from '../random'
import { percentileInterval, type Interval } from '../statistics/interval'
import { bootstrap, resampleCounts, RESAMPLES } from '../statistics/resample'

export interface BootstrapIntervals {
  /** Percentile intervals at 95 %; undefined where there are no rows. */
  readonly accuracy: Interval | undefined
  readonly macroF1: Interval | undefined
}

/** Answers of one set-up to rows of some kind: gold label, answer, how many. */
export interface Cells {
  readonly labels: number
  readonly gold: Uint16Array
  readonly answer: Uint16Array
}

/** Share of hits among the counts of cells. */
export function accuracyOf({ gold, answer }: Cells, counts: Float64Array): number {
  let hits = 0
  let n = 0
  for (let cell = 0; cell < counts.length; cell += 1) {
    const count = counts[cell]!
    n += count
    if (gold[cell] === answer[cell]) hits += count
  }
  return n > 0 ? hits / n : Number.NaN
}

/** Mean F1 of the classes that occur as gold or as answer. */
export function macroF1Of({ labels, gold, answer }: Cells, counts: Float64Array): number {
  const hits = new Float64Array(labels)
  const named = new Float64Array(labels)
  for (let cell = 0; cell < counts.length; cell += 1) {
    const count = counts[cell]!
    const [truth, said] = [gold[cell]!, answer[cell]!]
    named[truth]! += count
    named[said]! += count
    if (truth === said) hits[truth]! += count
  }
  let total = 0
  let classes = 0
  for (let label = 0; label < labels; label += 1) {
    const both = named[label]!
    if (both === 0) continue
    total += (2 * hits[label]!) / both
    classes += 1
  }
  return classes > 0 ? total / classes : Number.NaN
}

/** Intervals for counts of [gold][predicted]. */
export function bootstrapMetrics(
  confusion: readonly (readonly number[])[],
  seed: number,
  resamples = RESAMPLES,
): BootstrapIntervals {
  const labels = confusion.length
  const cells = {
    labels,
    gold: Uint16Array.from({ length: labels * labels }, (_, cell) => Math.floor(cell / labels)),
    answer: Uint16Array.from({ length: labels * labels }, (_, cell) => cell % labels),
  }
  const counts = Float64Array.from(confusion.flat())
  const random = createRandom(seed)
  const macroF1 = new Float64Array(resamples)
  let place = 0
  const accuracy = bootstrap(
    counts,
    (drawn) => {
      macroF1[place++] = macroF1Of(cells, drawn)
      return accuracyOf(cells, drawn)
    },
    random,
    resamples,
  )
  return { accuracy: percentileInterval(accuracy), macroF1: percentileInterval(macroF1) }
}

export interface PairedDifference {
  /** Second less first, with percentile intervals at 95 % over resamples of the texts. */
  readonly accuracy: number
  readonly accuracyInterval: Interval | undefined
  readonly macroF1: number
  readonly macroF1Interval: Interval | undefined
}

/**
 * The paired bootstrap of two set-ups on the same texts: each resample draws texts with both answers. Lists hold places of
 * labels. Source: B. Efron & R. Tibshirani, An Introduction to the Bootstrap (1993), ch. 8; as above by counts of
 * (gold, first, second).
 */
export function pairedBootstrap(
  labels: number,
  gold: readonly number[],
  first: readonly number[],
  second: readonly number[],
  seed: number,
  resamples = RESAMPLES,
): PairedDifference {
  const kinds = new Map<number, number>()
  gold.forEach((truth, row) => {
    const kind = (truth * labels + first[row]!) * labels + second[row]!
    kinds.set(kind, (kinds.get(kind) ?? 0) + 1)
  })
  const keys = [...kinds.keys()].sort((a, b) => a - b)
  const counts = Float64Array.from(keys, (key) => kinds.get(key)!)
  const truths = Uint16Array.from(keys, (key) => Math.floor(key / labels / labels))
  const one = {
    labels,
    gold: truths,
    answer: Uint16Array.from(keys, (key) => Math.floor(key / labels) % labels),
  }
  const other = { labels, gold: truths, answer: Uint16Array.from(keys, (key) => key % labels) }
  const accuracyGain = (drawn: Float64Array) => accuracyOf(other, drawn) - accuracyOf(one, drawn)
  const macroF1Gain = (drawn: Float64Array) => macroF1Of(other, drawn) - macroF1Of(one, drawn)
  const random = createRandom(seed)
  const drawn = new Float64Array(counts.length)
  const accuracies = new Float64Array(resamples)
  const macroF1s = new Float64Array(resamples)
  for (let resample = 0; resample < resamples; resample += 1) {
    resampleCounts(counts, drawn, random)
    accuracies[resample] = accuracyGain(drawn)
    macroF1s[resample] = macroF1Gain(drawn)
  }
  return {
    accuracy: accuracyGain(counts),
    accuracyInterval: percentileInterval(accuracies),
    macroF1: macroF1Gain(counts),
    macroF1Interval: percentileInterval(macroF1s),
  }
}
