/** Index of the greatest number, the first one where several are equal; -1 for an empty list. */
export function topIndex(values: readonly number[]): number {
  return values.reduce(
    (best, value, index) => (value > (values[best] ?? -Infinity) ? index : best),
    values.length > 0 ? 0 : -1,
  )
}

/** How far the most probable label is ahead of the second, from 0 to 1; with a single label, its probability. */
export function margin(probabilities: readonly number[]): number {
  const top = topIndex(probabilities)
  const second = probabilities.reduce(
    (best, value, index) => (index === top ? best : Math.max(best, value)),
    0,
  )
  return (probabilities[top] ?? 0) - second
}
