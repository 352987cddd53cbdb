const greatestOf = (values: readonly number[]): number => values.reduce((a, b) => Math.max(a, b), -Infinity)
const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0)

/** Probabilities that sum to 1, in the order of the scores; all equal where every score is -Infinity. */
export function softmax(scores: readonly number[]): number[] {
  const greatest = greatestOf(scores)
  if (greatest === -Infinity) return scores.map(() => 1 / scores.length)
  const weights = scores.map((score) => Math.exp(score - greatest))
  const total = sum(weights)
  return weights.map((weight) => weight / total)
}
