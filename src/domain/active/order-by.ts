/** The candidates by a key, the greatest first; ties stay in the order given, those without a key come last. */
export function orderBy(
  candidates: readonly number[],
  keyOf: (index: number) => number | undefined,
): readonly number[] {
  const keyed = candidates.map((index) => ({ index, key: keyOf(index) ?? -Infinity }))
  return keyed.sort((a, b) => (a.key === b.key ? 0 : b.key - a.key)).map(({ index }) => index)
}
