/**
 * Places on a line for things that would like to be at `wanted`: in the same order, each at least `gap` from the next and
 * none beyond `most`. What has room stays; what has none gives way to greater places, and back from the end.
 */
export function spread(wanted: readonly number[], gap: number, most: number): readonly number[] {
  const order = [...wanted.keys()].sort((a, b) => (wanted[a] ?? 0) - (wanted[b] ?? 0))
  const placed = [...wanted]
  let before = -Infinity
  for (const index of order) {
    before = Math.max(wanted[index] ?? 0, before + gap)
    placed[index] = before
  }
  let after = most + gap
  for (const index of order.toReversed()) {
    after = Math.min(placed[index] ?? 0, after - gap)
    placed[index] = after
  }
  return placed
}
