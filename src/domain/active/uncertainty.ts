/** Which texts a model is least certain of. */
import { margin } from '../margin'
import { orderBy, type Probabilities } from './order-by'

/** Entropy of probabilities in nats, from 0 to log of their number. */
export function entropy(probabilities: readonly number[]): number {
  return probabilities.reduce((sum, p) => (p > 0 ? sum - p * Math.log(p) : sum), 0)
}

/** Candidates with the smallest lead of the most probable label first. Source: T. Scheffer, C. Decomain & S. Wrobel (2001). */
export const rankByMargin = (
  candidates: readonly number[],
  probabilities: readonly Probabilities[],
): readonly number[] =>
  orderBy(candidates, (index) => {
    const row = probabilities[index]
    return row && -margin(row)
  })

/** Candidates with the greatest entropy first. Source: B. Settles (2009), Active Learning Literature Survey, eq. 3.3. */
export const rankByEntropy = (
  candidates: readonly number[],
  probabilities: readonly Probabilities[],
): readonly number[] =>
  orderBy(candidates, (index) => {
    const row = probabilities[index]
    return row && entropy(row)
  })
