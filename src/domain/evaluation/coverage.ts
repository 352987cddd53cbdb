/** What is gained where a model may say "not sure": accuracy against the share of texts that it answers. */

export interface CoveragePoint {
  /** Answers of at least this confidence are taken. */
  readonly threshold: number
  /** Share of the texts that get an answer. */
  readonly coverage: number
  /** Share of those answers that are right. */
  readonly accuracy: number
}

const MAX_POINTS = 200

/**
 * The curve from all texts answered to the surest alone, a point for each different confidence, thinned to at most
 * `maxPoints`, both ends kept. The lists run in one order.
 */
export function accuracyByCoverage(
  confidences: readonly number[],
  right: readonly boolean[],
  maxPoints = MAX_POINTS,
): readonly CoveragePoint[] {
  const n = confidences.length
  const order = Uint32Array.from({ length: n }, (_, row) => row).sort(
    (a, b) => confidences[b]! - confidences[a]!,
  )
  const points: CoveragePoint[] = []
  let hits = 0
  order.forEach((row, place) => {
    if (right[row] === true) hits += 1
    const next = order[place + 1]
    const threshold = confidences[row]!
    if (next !== undefined && confidences[next] === threshold) return
    points.push({ threshold, coverage: (place + 1) / n, accuracy: hits / (place + 1) })
  })
  points.reverse()
  if (points.length <= maxPoints) return points
  return Array.from(
    { length: maxPoints },
    (_, point) => points[Math.round((point * (points.length - 1)) / (maxPoints - 1))]!,
  )
}

/** The point of one threshold; the accuracy is undefined where nothing is answered. */
export function coverageAt(confidences: readonly number[], right: readonly boolean[], threshold: number) {
  let [answered, hits] = [0, 0]
  confidences.forEach((confidence, row) => {
    if (confidence < threshold) return
    answered += 1
    if (right[row] === true) hits += 1
  })
  const n = confidences.length
  return {
    threshold,
    coverage: n === 0 ? 0 : answered / n,
    accuracy: answered === 0 ? undefined : hits / answered,
  }
}
