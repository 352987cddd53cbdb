/** Labels that are probably wrong, told from a model that disagrees with confidence. */
import { topIndex } from '../margin'

export interface LabelError {
  /** Place among the rows given. */
  readonly index: number
  /** Places of the label that was given and of the one that the model is confident of. */
  readonly given: number
  readonly suggested: number
  /** Probability that the model gives to the given label, and how far the most probable other one is ahead of it. */
  readonly selfConfidence: number
  readonly lead: number
}

/** The comparison with a threshold lets such a difference pass as equal. */
const TOLERANCE = 1e-6

/** Mean probability of each label over the rows that were given it; Infinity for a label that nobody gave. */
function thresholds(given: readonly number[], probabilities: readonly (readonly number[])[], labels: number) {
  const sums = new Float64Array(labels)
  const counts = new Float64Array(labels)
  given.forEach((label, row) => {
    sums[label]! += probabilities[row]?.[label] ?? 0
    counts[label]! += 1
  })
  return sums.map((sum, label) => (counts[label]! > 0 ? sum / counts[label]! : Infinity))
}

/**
 * Rows off the diagonal of the confident joint, the surest first: a row counts for another label if its probability is at
 * least the mean that rows of that label have. `given` are places of labels, `probabilities` [rows][labels] in the same
 * order, from a model that did not learn from these labels. A row whose given label is the most probable one is no error.
 * Source: C. G. Northcutt, L. Jiang & I. L. Chuang (2021), "Confident Learning", J. Artif. Intell. Res. 70, §3.1; the order
 * is by the normalised margin.
 */
export function likelyLabelErrors(
  given: readonly number[],
  probabilities: readonly (readonly number[])[],
): readonly LabelError[] {
  const labels = probabilities[0]?.length ?? 0
  const limits = thresholds(given, probabilities, labels)
  const errors = given.flatMap((label, index): LabelError[] => {
    const row = probabilities[index] ?? []
    const confident = row.map((p, place) => (p >= limits[place]! - TOLERANCE ? p : -1))
    const suggested = topIndex(confident)
    if ((confident[suggested] ?? -1) < 0 || suggested === label || topIndex(row) === label) return []
    const selfConfidence = row[label] ?? 0
    const lead = Math.max(...row.filter((_, place) => place !== label)) - selfConfidence
    return [{ index, given: label, suggested, selfConfidence, lead }]
  })
  return errors.sort((a, b) => b.lead - a.lead)
}
