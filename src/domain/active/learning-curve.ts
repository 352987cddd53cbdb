/** Whether the order in which texts were labelled helped: accuracy on labelled texts held out, against labels made. */
import { topIndex } from '../margin'
import { createRandom, shuffle } from '../random'
import { predictProba, trainHead, type QuickHead } from './quick-head'

export interface LabelledRow {
  readonly embedding: Float32Array
  /** Place of the label among the classes. */
  readonly label: number
}

export interface CurvePoint {
  /** Labels learnt from. */
  readonly labels: number
  readonly accuracy: number
  /** Accuracy when as many of the same labels are taken in random order, for each seed. */
  readonly random: readonly number[]
}

export interface CurveRequest {
  /** In the order in which the labels were made. */
  readonly made: readonly LabelledRow[]
  /** Labelled texts that nothing is learnt from; chosen at random, else the curve says little. */
  readonly heldOut: readonly LabelledRow[]
  readonly classes: number
  readonly seeds: readonly number[]
  /** Points of the curve. */
  readonly points?: number
}

const POINTS = 8
const LEAST = 8

/** Numbers of labels in equal ratios, up to all of them. */
function sizesOf(total: number, points: number): readonly number[] {
  const ratio = (total / LEAST) ** (1 / Math.max(1, points - 1))
  const sizes = Array.from({ length: points }, (_, point) => Math.round(LEAST * ratio ** point))
  return total <= LEAST ? [total] : [...new Set([...sizes.filter((size) => size < total), total])]
}

function accuracyOf(head: QuickHead, rows: readonly LabelledRow[]): number {
  const answers = predictProba(
    head,
    rows.map(({ embedding }) => embedding),
  )
  return answers.filter((answer, place) => topIndex(answer) === rows[place]?.label).length / rows.length
}

/**
 * The curve point by point; between them `undefined` is yielded once for each head that was trained, so that whoever has
 * more to do gets its turn. Random order takes the labels that were made, for others do not exist: the last point is the
 * same for both.
 */
export function* learningCurve({
  made,
  heldOut,
  classes,
  seeds,
  points = POINTS,
}: CurveRequest): Generator<CurvePoint | undefined> {
  if (made.length === 0 || heldOut.length === 0) return
  const orders = [made, ...seeds.map((seed) => shuffle(made, createRandom(seed)))]
  const heads: (QuickHead | undefined)[] = orders.map(() => undefined)
  for (const size of sizesOf(made.length, points)) {
    const accuracies: number[] = []
    for (const [place, order] of orders.entries()) {
      const rows = order.slice(0, size)
      const from = heads[place]
      const head = trainHead(
        rows.map(({ embedding }) => embedding),
        rows.map(({ label }) => label),
        classes,
        from && { from },
      )
      heads[place] = head
      accuracies.push(accuracyOf(head, heldOut))
      yield undefined
    }
    const [accuracy = 0, ...random] = accuracies
    yield { labels: size, accuracy, random }
  }
}

export interface Gain {
  /** By how much the order made was ahead of random order, on average over the points before the last. */
  readonly mean: number
  /** How many of the random orders it was ahead of, each on average over the same points. */
  readonly aheadOf: number
  readonly orders: number
}

/** Whether the order made helped; undefined where there is nothing to compare. */
export function gainOf(points: readonly CurvePoint[]): Gain | undefined {
  const before = points.slice(0, -1)
  const orders = before[0]?.random.length ?? 0
  if (orders === 0) return undefined
  const gains = Array.from({ length: orders }, (_, seed) =>
    meanOf(before.map(({ accuracy, random }) => accuracy - (random[seed] ?? accuracy))),
  )
  return { mean: meanOf(gains), aheadOf: gains.filter((gain) => gain > 0).length, orders }
}

export const meanOf = (values: readonly number[]): number =>
  values.reduce((sum, each) => sum + each, 0) / values.length
