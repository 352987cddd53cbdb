import { describe, expect, it } from 'vitest'
import { createRandom } from '../../../src/domain/random'
import { percentileInterval, quantile } from '../../../src/domain/statistics/interval'
import { drawBinomial, resampleCounts } from '../../../src/domain/statistics/resample'

const DRAWS = 20_000

describe('drawBinomial', () => {
  it.each([
    [5, 0.3],
    [40, 0.02],
    [60, 0.5],
    [200, 0.93],
    [50_000, 0.001],
    [50_000, 0.4],
  ])('has the mean and the spread of %i tries at %d', (n, p) => {
    const random = createRandom(3)
    const drawn = Array.from({ length: DRAWS }, () => drawBinomial(n, p, random))
    const mean = drawn.reduce((sum, value) => sum + value, 0) / DRAWS
    const variance = drawn.reduce((sum, value) => sum + (value - mean) ** 2, 0) / DRAWS
    const expected = n * p * (1 - p)
    expect(Math.abs(mean - n * p)).toBeLessThan(4 * Math.sqrt(expected / DRAWS))
    expect(variance / expected).toBeGreaterThan(0.95)
    expect(variance / expected).toBeLessThan(1.05)
    expect(drawn.every((value) => Number.isInteger(value) && value >= 0 && value <= n)).toBe(true)
  })

  it('has the shape, too', () => {
    const [n, p] = [60, 0.4]
    const random = createRandom(5)
    const counts = new Float64Array(n + 1)
    for (let draw = 0; draw < DRAWS; draw += 1) counts[drawBinomial(n, p, random)]! += 1
    let chance = (1 - p) ** n
    let chiSquare = 0
    let cells = 0
    for (let k = 0; k <= n; k += 1) {
      if (chance * DRAWS > 5) {
        chiSquare += ((counts[k] ?? 0) - chance * DRAWS) ** 2 / (chance * DRAWS)
        cells += 1
      }
      chance *= (p * (n - k)) / ((1 - p) * (k + 1))
    }
    // The 99.9 % point of χ² with so many degrees of freedom, by Wilson and Hilferty.
    const freedom = cells - 1
    expect(chiSquare).toBeLessThan(
      freedom * (1 - 2 / (9 * freedom) + 3.09 * Math.sqrt(2 / (9 * freedom))) ** 3,
    )
  })
})

it('resamples as many rows as there are', () => {
  const counts = Float64Array.of(0, 10, 500, 0, 3, 0)
  const random = createRandom(1)
  const sums = new Float64Array(counts.length)
  const drawn = new Float64Array(counts.length)
  for (let resample = 0; resample < 2000; resample += 1) {
    resampleCounts(counts, drawn, random)
    expect(drawn.reduce((sum, count) => sum + count)).toBe(513)
    drawn.forEach((count, kind) => (sums[kind]! += count / 2000))
  }
  counts.forEach((count, kind) =>
    expect(Math.abs(sums[kind]! - count)).toBeLessThan(0.05 * Math.sqrt(count) + 0.05),
  )
})

it('finds quantiles as numpy does', () => {
  // numpy.quantile([1, 2, 4, 8], [0, .1, .5, .9, 1])
  const sorted = [1, 2, 4, 8]
  const found = [0, 0.1, 0.5, 0.9, 1].map((p) => quantile(sorted, p))
  ;[1, 1.3, 3, 6.8, 8].forEach((value, place) => expect(found[place]).toBeCloseTo(value, 12))
  expect(percentileInterval(Float64Array.of(3, NaN, 1), 1)).toEqual({ low: 1, high: 3 })
  expect(percentileInterval(Float64Array.of(NaN))).toBeUndefined()
})
