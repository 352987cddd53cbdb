/** The candidates by a key, the greatest first; ties stay in the order given. */
export function orderBy(candidates: readonly number[], keyOf: (index: number) => number): readonly number[] {
  const keyed = candidates.map((index) => ({ index, key: keyOf(index) }))
  return keyed.sort((a, b) => (a.key === b.key ? 0 : b.key - a.key)).map(({ index }) => index)
}
