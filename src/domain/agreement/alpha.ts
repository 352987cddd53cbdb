/** Agreement of any number of annotators, who need not have labelled every text. */
import { createRandom } from '../random'
import { percentileInterval, type Interval } from '../statistics/interval'
import { bootstrap } from '../statistics/resample'

export interface Alpha {
  /** Texts that two or more labelled, and the labels that they gave; only these count. */
  readonly units: number
  readonly values: number
  /** Undefined where there is nothing to compare, or all gave one and the same label. */
  readonly alpha: number | undefined
  /** The middle 95 % over resamples of the texts; resamples in which only one label is left are not counted. */
  readonly interval: Interval | undefined
}

/** Texts that were labelled in the same way: how often each label was given. */
interface Pattern {
  readonly counts: readonly number[]
  readonly values: number
  /** Disagreeing pairs, each weighted as Krippendorff does: Σ n_c n_k / (m − 1) over c ≠ k. */
  readonly disagreement: number
}

function patternOf(counts: readonly number[]): Pattern {
  const values = counts.reduce((sum, count) => sum + count, 0)
  const same = counts.reduce((sum, count) => sum + count * count, 0)
  return { counts, values, disagreement: (values * values - same) / (values - 1) }
}

/** α of so many texts of each pattern; not a number where fewer than two labels occur. */
function alphaOf(patterns: readonly Pattern[], texts: Float64Array, labels: number): number {
  const totals = new Float64Array(labels)
  let values = 0
  let observed = 0
  for (let place = 0; place < patterns.length; place += 1) {
    const { counts, values: own, disagreement } = patterns[place]!
    const times = texts[place]!
    for (let label = 0; label < labels; label += 1) totals[label]! += counts[label]! * times
    values += own * times
    observed += disagreement * times
  }
  let same = 0
  for (const total of totals) same += total * total
  const expected = (values * values - same) / (values - 1)
  return expected > 0 ? 1 - observed / expected : Number.NaN
}

/**
 * Krippendorff's α for nominal labels; `units` hold the labels that each text got, one per annotator who labelled it. The
 * interval is by resampling texts, which keeps what one text's labels have in common together; Hayes and Krippendorff's own
 * resamples pairs of labels and holds the expected disagreement fixed.
 * Source: K. Krippendorff, Content Analysis (2004), ch. 11.
 */
export function krippendorffAlpha(
  units: readonly (readonly string[])[],
  seed: number,
  resamples?: number,
): Alpha {
  const places = new Map<string, number>()
  for (const label of units.flat()) if (!places.has(label)) places.set(label, places.size)
  const byKey = new Map<string, { readonly pattern: Pattern; texts: number }>()
  let values = 0
  for (const unit of units) {
    if (unit.length < 2) continue
    values += unit.length
    const counts = Array.from(places, () => 0)
    for (const label of unit) counts[places.get(label)!]! += 1
    const key = counts.join()
    const found = byKey.get(key)
    if (found) found.texts += 1
    else byKey.set(key, { pattern: patternOf(counts), texts: 1 })
  }
  const found = [...byKey.values()]
  const patterns = found.map(({ pattern }) => pattern)
  const texts = Float64Array.from(found, (each) => each.texts)
  const pairable = { units: texts.reduce((sum, count) => sum + count, 0), values }
  const alpha = alphaOf(patterns, texts, places.size)
  if (Number.isNaN(alpha)) return { ...pairable, alpha: undefined, interval: undefined }
  const figures = bootstrap(
    texts,
    (counts) => alphaOf(patterns, counts, places.size),
    createRandom(seed),
    resamples,
  )
  return { ...pairable, alpha, interval: percentileInterval(figures) }
}
