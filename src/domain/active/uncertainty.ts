/** How uncertain a model is of a text, and how far several runs are from agreeing on it. */

/** Entropy of probabilities in nats, from 0 to log of their number. */
export function entropy(probabilities: readonly number[]): number {
  return probabilities.reduce((sum, p) => (p > 0 ? sum - p * Math.log(p) : sum), 0)
}

/**
 * Mean Kullback-Leibler divergence of the runs from their mean, in nats; 0 where all say the same. `rows` hold the
 * probabilities [labels] of each run.
 * Source: A. McCallum & K. Nigam (1998), ICML, "KL divergence to the mean".
 */
export function meanDivergence(rows: readonly (readonly number[])[]): number {
  const mean = (rows[0] ?? []).map(
    (_, label) => rows.reduce((sum, row) => sum + (row[label] ?? 0), 0) / rows.length,
  )
  const own = rows.reduce((sum, row) => sum + entropy(row), 0) / rows.length
  // Σ p log (p / m), averaged over the runs, is the entropy of the mean less the mean entropy.
  return Math.max(0, entropy(mean) - own)
}
