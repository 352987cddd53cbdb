/** Whether a probability of .8 is right eight times in ten. */

export interface Bin {
  /** Confidences in the bin: above `from`, up to `to`. */
  readonly from: number
  readonly to: number
  readonly count: number
  /** Means over the bin's rows; undefined where it has none. */
  readonly confidence: number | undefined
  readonly accuracy: number | undefined
}

export interface Calibration {
  readonly bins: readonly Bin[]
  /** Expected calibration error: |accuracy − confidence| over the bins, weighted by their rows. */
  readonly ece: number
  /** Maximum calibration error: the greatest of them. */
  readonly mce: number
}

/** How rows are put into bins: by equal steps of confidence, or as many rows in each. */
export type Binning = 'equal width' | 'equal mass'

const BINS = 10

interface Row {
  readonly confidence: number
  readonly isRight: boolean
}

function binOf(rows: readonly Row[], from: number, to: number): Bin {
  const mean = (valueOf: (row: Row) => number) =>
    rows.length === 0 ? undefined : rows.reduce((sum, row) => sum + valueOf(row), 0) / rows.length
  return {
    from,
    to,
    count: rows.length,
    confidence: mean(({ confidence }) => confidence),
    accuracy: mean(({ isRight }) => (isRight ? 1 : 0)),
  }
}

function equalWidth(rows: readonly Row[], bins: number): readonly Bin[] {
  const groups: Row[][] = Array.from({ length: bins }, () => [])
  for (const row of rows) {
    let place = 0
    while (place < bins - 1 && row.confidence > (place + 1) / bins) place += 1
    groups[place]!.push(row)
  }
  return groups.map((group, place) => binOf(group, place / bins, (place + 1) / bins))
}

/** The first rows of the remainder go to the first bins, one each. */
function equalMass(rows: readonly Row[], bins: number): readonly Bin[] {
  const sorted = rows.toSorted((a, b) => a.confidence - b.confidence)
  const [least, rest] = [Math.floor(rows.length / bins), rows.length % bins]
  let start = 0
  let from = 0
  return Array.from({ length: bins }, (_, place) => {
    const group = sorted.slice(start, start + least + (place < rest ? 1 : 0))
    start += group.length
    const to = place === bins - 1 ? 1 : (group.at(-1)?.confidence ?? from)
    const bin = binOf(group, from, to)
    from = to
    return bin
  })
}

/**
 * The reliability diagram of the answers' confidences and whether they were right, in one order.
 * Source: C. Guo et al. (2017), "On Calibration of Modern Neural Networks", §2; for equal mass, K. Nguyen & B. O'Connor (2015).
 */
export function calibrationOf(
  confidences: readonly number[],
  right: readonly boolean[],
  binning: Binning,
  bins = BINS,
): Calibration {
  const rows = confidences.map((confidence, row) => ({ confidence, isRight: right[row] === true }))
  const found = binning === 'equal width' ? equalWidth(rows, bins) : equalMass(rows, bins)
  const gaps = found.map(({ confidence = 0, accuracy = 0 }) => Math.abs(accuracy - confidence))
  const ece = found.reduce(
    (sum, { count }, place) => sum + (count / Math.max(1, rows.length)) * gaps[place]!,
    0,
  )
  return { bins: found, ece, mce: Math.max(...gaps) }
}

/**
 * Mean squared distance of the probabilities from the gold label, summed over the labels: 0 to 2; not a number without rows.
 * Source: G. W. Brier (1950), Mon. Weather Rev. 78, 1–3.
 */
export function brierScore(probabilities: readonly (readonly number[])[], gold: readonly number[]): number {
  const total = probabilities.reduce(
    (sum, row, place) =>
      sum + row.reduce((own, p, label) => own + (p - (gold[place] === label ? 1 : 0)) ** 2, 0),
    0,
  )
  return total / probabilities.length
}
