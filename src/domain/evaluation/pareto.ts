export interface TradeOff {
  /** More is better: accuracy. */
  readonly gain: number
  /** Less is better: megabytes, milliseconds. */
  readonly cost: number
}

/**
 * Places of the points that no other one beats, being at least as good in both and better in one; by cost, the least first.
 * Equal points are all kept.
 */
export function paretoFront(points: readonly TradeOff[]): readonly number[] {
  const order = points
    .map((point, place) => ({ ...point, place }))
    .filter(({ gain, cost }) => !Number.isNaN(gain) && !Number.isNaN(cost))
    .sort((a, b) => a.cost - b.cost || b.gain - a.gain)
  const front: number[] = []
  let best: TradeOff | undefined
  for (const { gain, cost, place } of order) {
    const isEqual = gain === best?.gain && cost === best.cost
    if (best !== undefined && gain <= best.gain && !isEqual) continue
    front.push(place)
    best = { gain, cost }
  }
  return front
}
