/**
 * How often each kind of row turns up when as many rows as there are are drawn with replacement. The counts of kinds are
 * multinomial, so a resample costs a draw per kind and not one per row.
 */
import type { Random } from '../random'
import { logGamma } from './beta'

/** Below this mean, counting successes one by one is quicker. */
const FEW = 10

/**
 * A binomial number: successes of `n` tries with probability `p`.
 * Source: W. Hörmann (1993), "The generation of binomial random variates", J. Stat. Comput. Simul. 46, 101–110, algorithm
 * BTRS; for small means, inversion.
 */
export function drawBinomial(n: number, p: number, random: Random): number {
  if (p > 0.5) return n - drawBinomial(n, 1 - p, random)
  if (n <= 0 || p <= 0) return 0
  return n * p < FEW ? byInversion(n, p, random) : byRejection(n, p, random)
}

function byInversion(n: number, p: number, random: Random): number {
  const odds = p / (1 - p)
  let left = random()
  let chance = (1 - p) ** n
  let count = 0
  while (left > chance && count < n) {
    left -= chance
    count += 1
    chance *= (odds * (n - count + 1)) / count
  }
  return count
}

function byRejection(n: number, p: number, random: Random): number {
  const spread = Math.sqrt(n * p * (1 - p))
  const b = 1.15 + 2.53 * spread
  const a = -0.0873 + 0.0248 * b + 0.01 * p
  const c = n * p + 0.5
  const vr = 0.92 - 4.2 / b
  const alpha = (2.83 + 5.1 / b) * spread
  const logOdds = Math.log(p / (1 - p))
  const mode = Math.floor((n + 1) * p)
  const h = logGamma(mode + 1) + logGamma(n - mode + 1)
  for (;;) {
    const v = random()
    const u = random() - 0.5
    const us = 0.5 - Math.abs(u)
    const k = Math.floor(((2 * a) / us + b) * u + c)
    if (k < 0 || k > n) continue
    if (us >= 0.07 && v <= vr) return k
    const accepted = h - logGamma(k + 1) - logGamma(n - k + 1) + (k - mode) * logOdds
    if (Math.log((v * alpha) / (a / (us * us) + b)) <= accepted) return k
  }
}

/** Fills `into` with a resample of `counts`, kind by kind: each binomial among what is left. */
export function resampleCounts(counts: Float64Array, into: Float64Array, random: Random): void {
  let rows = 0
  for (const count of counts) rows += count
  let left = rows
  let share = rows
  for (let kind = 0; kind < counts.length; kind += 1) {
    const count = counts[kind]!
    const drawn = count >= share ? left : drawBinomial(left, count / share, random)
    into[kind] = drawn
    left -= drawn
    share -= count
  }
}

export const RESAMPLES = 1000

/** A figure of each of so many resamples of the counts. */
export function bootstrap(
  counts: Float64Array,
  figureOf: (counts: Float64Array) => number,
  random: Random,
  resamples = RESAMPLES,
): Float64Array {
  const drawn = new Float64Array(counts.length)
  return new Float64Array(resamples).map(() => {
    resampleCounts(counts, drawn, random)
    return figureOf(drawn)
  })
}
