import { describe, expect, it } from 'vitest'
import { krippendorffAlpha } from '../../../src/domain/agreement/alpha'
import golden from '../../fixtures/agreement.json'

const unitsOf = (rows: readonly (readonly (number | null)[])[]): string[][] =>
  (rows[0] ?? []).map((_, text) => rows.flatMap((row) => (row[text] === null ? [] : [String(row[text])])))

describe('krippendorffAlpha', () => {
  it.each(golden.alpha)('agrees with the krippendorff package: $alpha', ({ rows, alpha, low, high }) => {
    const found = krippendorffAlpha(unitsOf(rows), 1, 4000)
    expect(found.alpha).toBeCloseTo(alpha, 12)
    // Two resamplings of the same kind with different seeds.
    expect(Math.abs((found.interval?.low ?? 9) - low)).toBeLessThan(0.03)
    expect(Math.abs((found.interval?.high ?? 9) - high)).toBeLessThan(0.03)
  })

  it('is the same for the same seed', () => {
    const units = unitsOf(golden.alpha[1]?.rows ?? [])
    expect(krippendorffAlpha(units, 7)).toEqual(krippendorffAlpha(units, 7))
    expect(krippendorffAlpha(units, 7).interval).not.toEqual(krippendorffAlpha(units, 8).interval)
  })

  it('has none where there is nothing to compare', () => {
    expect(krippendorffAlpha([['a'], []], 1)).toMatchObject({ units: 0, values: 0, alpha: undefined })
    expect(
      krippendorffAlpha(
        [
          ['a', 'a'],
          ['a', 'a'],
        ],
        1,
      ),
    ).toMatchObject({ units: 2, alpha: undefined })
  })

  it('takes 100,000 texts', () => {
    const labels = ['a', 'b', 'c']
    const units = Array.from({ length: 100_000 }, (_, text) =>
      [0, text % 7 === 0 ? 1 : 0].map((off) => labels[(text + off) % 3] ?? ''),
    )
    expect(krippendorffAlpha(units, 1).alpha).toBeCloseTo(0.7857, 3)
  })
})
