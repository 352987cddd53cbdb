/** Which texts several runs dispute. */
import { topIndex } from '../margin'
import { orderBy, type Probabilities } from './order-by'
import { entropy } from './uncertainty'

/** Rows of each run that has one for the text. */
const rowsOf = (runs: readonly (readonly Probabilities[])[], index: number): readonly (readonly number[])[] =>
  runs.flatMap((run) => {
    const row = run[index]
    return row ? [row] : []
  })

/** Entropy of the shares of runs that each label wins, in nats. Source: I. Dagan & S. P. Engelson (1995), ICML. */
export function voteEntropy(rows: readonly (readonly number[])[]): number {
  const votes = new Map<number, number>()
  for (const row of rows) votes.set(topIndex(row), (votes.get(topIndex(row)) ?? 0) + 1)
  return entropy([...votes.values()].map((count) => count / rows.length))
}

/**
 * Mean Kullback-Leibler divergence of the runs from their mean, in nats; 0 where all say the same.
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

const MIN_RUNS = 2

/** Candidates whose label most runs disagree on first; `runs` hold a row for each text, or none. */
export const rankByVotes = (
  candidates: readonly number[],
  runs: readonly (readonly Probabilities[])[],
): readonly number[] =>
  orderBy(candidates, (index) => {
    const rows = rowsOf(runs, index)
    return rows.length < MIN_RUNS ? undefined : voteEntropy(rows)
  })

/** Candidates whose probabilities differ most between runs first. */
export const rankByDivergence = (
  candidates: readonly number[],
  runs: readonly (readonly Probabilities[])[],
): readonly number[] =>
  orderBy(candidates, (index) => {
    const rows = rowsOf(runs, index)
    return rows.length < MIN_RUNS ? undefined : meanDivergence(rows)
  })
