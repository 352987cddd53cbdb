/** log Σ exp(x), computed around the greatest x so that it neither overflows nor vanishes; -Infinity for no numbers. */
export function logSumExp(values: readonly number[]): number {
  const greatest = values.reduce((a, b) => Math.max(a, b), -Infinity)
  if (greatest === -Infinity) return -Infinity
  return greatest + Math.log(values.reduce((sum, value) => sum + Math.exp(value - greatest), 0))
}

/** Probabilities that sum to 1, in the order of the scores; all equal where every score is -Infinity. */
export function softmax(scores: readonly number[]): number[] {
  const total = logSumExp(scores)
  return scores.map((score) => (total === -Infinity ? 1 / scores.length : Math.exp(score - total)))
}
