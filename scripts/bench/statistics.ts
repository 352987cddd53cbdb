/** Numbers from repeated measurements. Contestants take turns, so the ratio of one round is free of what slowed all of it. */

export interface Spread {
  readonly median: number
  /** First and third quartile. */
  readonly quartiles: readonly [number, number]
  readonly samples: number
}

/** The value below which a share of the sorted samples lies, linear between neighbours (Hyndman and Fan 1996, type 7). */
export function quantile(samples: readonly number[], share: number): number {
  const sorted = samples.toSorted((a, b) => a - b)
  const place = (sorted.length - 1) * share
  const below = sorted[Math.floor(place)]
  const above = sorted[Math.ceil(place)]
  if (below === undefined || above === undefined) throw new RangeError('A quantile needs at least one sample')
  return below + (above - below) * (place - Math.floor(place))
}

/** Median and quartiles of at least one sample. */
export function spreadOf(samples: readonly number[]): Spread {
  return {
    median: quantile(samples, 0.5),
    quartiles: [quantile(samples, 0.25), quantile(samples, 0.75)],
    samples: samples.length,
  }
}

/** The ratios of samples taken in the same rounds. @throws RangeError when their numbers differ */
export function ratios(numerators: readonly number[], denominators: readonly number[]): number[] {
  if (numerators.length !== denominators.length) throw new RangeError('Ratios need samples in pairs')
  return numerators.map((value, i) => value / (denominators[i] ?? NaN))
}

/** The items beginning at another one each round, so that no contestant always runs first. */
export function rotated<T>(items: readonly T[], round: number): T[] {
  const start = items.length === 0 ? 0 : round % items.length
  return [...items.slice(start), ...items.slice(0, start)]
}
