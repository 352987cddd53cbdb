/**
 * A classifier on top of embeddings that learns in well under a second: multinomial logistic regression with L2 on
 * standardised features, as scikit-learn's `StandardScaler` and `LogisticRegression`.
 */
import { minimise } from './minimise'

export interface QuickHead {
  readonly classes: number
  /** Classes that were seen, by their places; the others have probability 0. */
  readonly seen: readonly number[]
  /** Of each feature. */
  readonly mean: Float64Array
  readonly scale: Float64Array
  /** [rows × (features + 1)], the intercept last, of standardised features. Two classes share one row, for the second. */
  readonly weights: Float64Array
  readonly iterations: number
}

export interface HeadOptions {
  /** Weight of the data against the penalty of ½‖w‖². */
  readonly c?: number
  /** A head that learnt from some of the same rows, to begin with. */
  readonly from?: QuickHead
}

const TOLERANCE = 1e-6
const MAX_ITERATIONS = 500

function standardise(rows: readonly Float32Array[], features: number) {
  const mean = new Float64Array(features)
  const scale = new Float64Array(features)
  for (const row of rows) for (let j = 0; j < features; j += 1) mean[j]! += row[j]! / rows.length
  for (const row of rows)
    for (let j = 0; j < features; j += 1) scale[j]! += (row[j]! - mean[j]!) ** 2 / rows.length
  for (let j = 0; j < features; j += 1) scale[j] = scale[j]! > 1e-18 ? Math.sqrt(scale[j]!) : 1
  return { mean, scale }
}

/** The rows by features that have mean 0 and spread 1, one after the other. */
function features(
  { mean, scale }: Pick<QuickHead, 'mean' | 'scale'>,
  rows: readonly Float32Array[],
): Float64Array {
  const count = mean.length
  const all = new Float64Array(rows.length * count)
  rows.forEach((row, place) => {
    for (let j = 0; j < count; j += 1) all[place * count + j] = (row[j]! - mean[j]!) / scale[j]!
  })
  return all
}

/** Writes the probabilities of the seen classes of a row into `into`; two classes have one row of weights. */
function probabilitiesOf(
  x: Float64Array,
  offset: number,
  count: number,
  weights: Float64Array,
  into: Float64Array,
): void {
  const first = into.length === 2 ? 1 : 0
  into[0] = into.length === 1 ? 1 : 0
  if (into.length < 2) return
  let greatest = first === 1 ? 0 : -Infinity
  for (let k = first; k < into.length; k += 1) {
    const base = (k - first) * (count + 1)
    let logit = weights[base + count]!
    for (let j = 0; j < count; j += 1) logit += weights[base + j]! * x[offset + j]!
    into[k] = logit
    if (logit > greatest) greatest = logit
  }
  let total = 0
  for (let k = 0; k < into.length; k += 1) total += into[k] = Math.exp(into[k]! - greatest)
  for (let k = 0; k < into.length; k += 1) into[k]! /= total
}

/** The weights of an earlier head for features that are standardised in another way. */
function startingAt(from: QuickHead, mean: Float64Array, scale: Float64Array): Float64Array {
  const count = mean.length
  const weights = from.weights.slice()
  for (let base = 0; base < weights.length; base += count + 1)
    for (let j = 0; j < count; j += 1) {
      const raw = weights[base + j]! / from.scale[j]!
      weights[base + count]! += raw * (mean[j]! - from.mean[j]!)
      weights[base + j] = raw * scale[j]!
    }
  return weights
}

const sameClasses = (head: QuickHead, seen: readonly number[], count: number): boolean =>
  head.mean.length === count &&
  head.seen.length === seen.length &&
  head.seen.every((each, k) => each === seen[k])

/**
 * Learns from rows of one length [n, d] and the places of their labels among `classes`. The mean loss is minimised until no
 * part of its gradient exceeds 10⁻⁶. Throws a RangeError for lists of different lengths.
 */
export function trainHead(
  embeddings: readonly Float32Array[],
  labels: readonly number[],
  classes: number,
  { c = 1, from }: HeadOptions = {},
): QuickHead {
  if (embeddings.length !== labels.length)
    throw new RangeError(`${embeddings.length} rows do not have ${labels.length} labels.`)
  const count = embeddings[0]?.length ?? 0
  const seen = [...new Set(labels)].sort((a, b) => a - b)
  const { mean, scale } = standardise(embeddings, count)
  const rows = seen.length > 2 ? seen.length : Math.max(0, seen.length - 1)
  const size = rows * (count + 1)
  const weights =
    from && sameClasses(from, seen, count) ? startingAt(from, mean, scale) : new Float64Array(size)
  const x = features({ mean, scale }, embeddings)
  const target = labels.map((label) => seen.indexOf(label))
  const probabilities = new Float64Array(seen.length)
  const first = seen.length === 2 ? 1 : 0
  const n = labels.length
  const iterations = minimise(
    (w, gradient) => {
      let loss = 0
      for (let base = 0; base < size; base += count + 1)
        for (let j = base; j < base + count; j += 1) {
          loss += (w[j]! * w[j]!) / (2 * c * n)
          gradient[j] = w[j]! / (c * n)
        }
      for (let i = 0; i < n; i += 1) {
        probabilitiesOf(x, i * count, count, w, probabilities)
        const gold = target[i]!
        loss -= Math.log(Math.max(probabilities[gold]!, 1e-300)) / n
        for (let k = first; k < seen.length; k += 1) {
          const error = (probabilities[k]! - (k === gold ? 1 : 0)) / n
          const base = (k - first) * (count + 1)
          for (let j = 0; j < count; j += 1) gradient[base + j]! += error * x[i * count + j]!
          gradient[base + count]! += error
        }
      }
      return loss
    },
    weights,
    TOLERANCE,
    MAX_ITERATIONS,
  )
  return { classes, seen, mean, scale, weights, iterations }
}

/** Probabilities of all classes for each row; equal ones where the head has learnt from nothing. */
export function predictProba(
  head: QuickHead,
  embeddings: readonly Float32Array[],
): readonly (readonly number[])[] {
  const { classes, seen, mean, weights } = head
  const count = mean.length
  const found = new Float64Array(seen.length)
  return embeddings.map((row) => {
    if (seen.length === 0) return Array.from({ length: classes }, () => 1 / classes)
    const all = Array.from({ length: classes }, () => 0)
    probabilitiesOf(features(head, [row]), 0, count, weights, found)
    seen.forEach((label, k) => (all[label] = found[k]!))
    return all
  })
}
