/** The domain's only randomness; the caller always gives the seed. */

/** The next number of a sequence, at least 0 and below 1. */
export type Random = () => number

/**
 * A generator whose sequence depends on the seed's 32 bits alone, not on the platform.
 * Source: mulberry32 by Tommy Ettinger (public domain), https://gist.github.com/tommyettinger/46a874533244883189143505d203312c
 */
export function createRandom(seed: number): Random {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296
  }
}

/** A whole number from 0 to `bound` - 1. */
export function randomInteger(bound: number, random: Random): number {
  return Math.floor(random() * bound)
}

/** `count` different items in random order, or all of them where there are fewer (Knuth, TAOCP vol. 2, 3.4.2, algorithm P, stopped early). */
export function sample<T extends NonNullable<unknown>>(
  items: readonly T[],
  count: number,
  random: Random,
): T[] {
  const order = items.slice()
  const taken = Math.min(Math.max(0, count), order.length)
  for (let place = 0; place < taken; place += 1) {
    const other = place + randomInteger(order.length - place, random)
    const [a, b] = [order[place], order[other]]
    if (a !== undefined && b !== undefined) [order[place], order[other]] = [b, a]
  }
  return order.slice(0, taken)
}

/** All items in random order. */
export function shuffle<T extends NonNullable<unknown>>(items: readonly T[], random: Random): T[] {
  return sample(items, items.length, random)
}
