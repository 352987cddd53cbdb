/** The normal distribution, and χ² with one degree of freedom. */

/** Standard normal quantile of .8: the power of a test that is wanted by convention. */
export const Z_80 = 0.8416212335729143

const SQRT_PI = 1.7724538509055159
const MAX_TERMS = 200

/** The complement of the error function for x ≥ 0 (Abramowitz & Stegun 7.1.6, and 7.1.14 for larger x). */
export function erfc(x: number): number {
  if (x < 2.5) {
    let term = x
    let total = x
    for (let n = 1; n < MAX_TERMS && Math.abs(term) > 1e-17 * total; n += 1) {
      term *= (2 * x * x) / (2 * n + 1)
      total += term
    }
    return 1 - (2 / SQRT_PI) * Math.exp(-x * x) * total
  }
  let fraction = 0
  for (let n = 60; n > 0; n -= 1) fraction = n / 2 / (x + fraction)
  return Math.exp(-x * x) / (SQRT_PI * (x + fraction))
}

/** The probability that χ² with one degree of freedom is at least this. */
export const chiSquareTail = (value: number): number => (value <= 0 ? 1 : erfc(Math.sqrt(value / 2)))
