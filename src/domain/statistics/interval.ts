/** Intervals of shares and of resampled figures. */
import { betaQuantile } from './beta'

export interface Interval {
  readonly low: number
  readonly high: number
}

/** Standard normal quantile of .975. */
export const Z_95 = 1.959963984540054

/**
 * The Wilson score interval of a share, 95 % by default; from 0 to 1 when nothing was counted.
 * Source: E. B. Wilson (1927), J. Am. Stat. Assoc. 22, 209–212.
 */
export function wilsonInterval(hits: number, n: number, z = Z_95): Interval {
  if (n === 0) return { low: 0, high: 1 }
  const share = hits / n
  const scale = 1 + (z * z) / n
  const centre = (share + (z * z) / (2 * n)) / scale
  const half = (z / scale) * Math.sqrt((share * (1 - share)) / n + (z * z) / (4 * n * n))
  return { low: Math.max(0, centre - half), high: Math.min(1, centre + half) }
}

/**
 * The exact interval of a share, which holds it with at least that probability whatever it is; 0 to 1 when nothing was
 * counted. Source: C. J. Clopper & E. S. Pearson (1934), Biometrika 26, 404–413.
 */
export function exactInterval(hits: number, n: number, level = 0.95): Interval {
  const tail = (1 - level) / 2
  return {
    low: hits <= 0 ? 0 : betaQuantile(tail, hits, n - hits + 1),
    high: hits >= n ? 1 : betaQuantile(1 - tail, hits + 1, n - hits),
  }
}

/** The value below which a share `p` of the sorted values lies, between neighbours in proportion (Hyndman & Fan's type 7). */
export function quantile(sorted: Float64Array | readonly number[], p: number): number {
  const place = (sorted.length - 1) * p
  const below = sorted[Math.floor(place)] ?? Number.NaN
  const above = sorted[Math.ceil(place)] ?? Number.NaN
  return below + (above - below) * (place - Math.floor(place))
}

/** The middle 95 % of resampled figures; those that are not a number are left out. Undefined where none is left. */
export function percentileInterval(figures: Float64Array, level = 0.95): Interval | undefined {
  const sorted = figures.filter((figure) => !Number.isNaN(figure)).sort()
  if (sorted.length === 0) return undefined
  const tail = (1 - level) / 2
  return { low: quantile(sorted, tail), high: quantile(sorted, 1 - tail) }
}
