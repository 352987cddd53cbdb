import { describe, expect, it } from 'vitest'
import { countDiscordant, mcNemar, neededTexts } from '../../../src/domain/evaluation/mcnemar'
import { verdictOf } from '../../../src/domain/evaluation/verdict'
import { chiSquareTail } from '../../../src/domain/statistics/normal'
import golden from '../../fixtures/evaluation.json'

const countsOf = (n: number, onlyFirst: number, onlySecond: number, both = 0) => ({
  n,
  onlyFirst,
  onlySecond,
  both,
})

describe('mcNemar', () => {
  it.each(golden.mcnemar)('agrees with statsmodels for $onlyFirst and $onlySecond', (expected) => {
    const { onlyFirst, onlySecond } = expected
    const found = mcNemar(countsOf(5000, onlyFirst, onlySecond))
    expect(found.exactP).toBeCloseTo(expected.exactP, 8)
    // With equal counts the correction goes below nothing, which statsmodels squares.
    if (onlyFirst !== onlySecond) {
      expect(found.chiSquare).toBeCloseTo(expected.chiSquare, 12)
      expect(found.chiSquareP).toBeCloseTo(expected.chiSquareP, 10)
    } else expect(found).toMatchObject({ chiSquare: 0, chiSquareP: 1 })
  })

  it('is certain of nothing where nothing differs', () => {
    expect(mcNemar(countsOf(10, 0, 0))).toEqual({ exactP: 1, chiSquare: 0, chiSquareP: 1 })
  })

  it('counts texts', () => {
    expect(countDiscordant([true, true, false, false, true], [true, false, true, false, false])).toEqual(
      countsOf(5, 2, 1, 1),
    )
  })
})

it.each([
  // scipy.stats.chi2.sf(x, 1)
  [0.5, 0.47950012218695337],
  [3.841458820694124, 0.04999999999999989],
  [15, 0.00010751117672950066],
  [60, 9.485737571073857e-15],
])('χ² is at least %d with the probability that scipy gives', (value, p) => {
  expect(chiSquareTail(value) / p).toBeCloseTo(1, 9)
})

describe('neededTexts', () => {
  it.each(golden.needed)('of $n texts with $onlyFirst and $onlySecond: $needed', (expected) => {
    const { n, onlyFirst, onlySecond, needed, power } = expected
    expect(neededTexts(countsOf(n, onlyFirst, onlySecond))).toBe(needed)
    // The formula's promise, which the simulation beside it kept; for very few texts it asks for more than it takes.
    expect(power).toBeGreaterThan(0.78)
    if (needed > 200) expect(power).toBeLessThan(0.83)
  })

  it('is not to be had without a difference', () => {
    expect(neededTexts(countsOf(100, 7, 7))).toBeUndefined()
  })
})

describe('verdictOf', () => {
  it.each([
    [
      countsOf(200, 20, 30, 120),
      'No difference shown on 200 texts; about 790 would be needed to show one of this size.',
    ],
    [
      countsOf(2000, 99, 101, 1000),
      'No difference shown on 2,000 texts; about 790,000 would be needed to show one of this size.',
    ],
    [
      countsOf(300, 20, 60, 200),
      "mini is better than nano on 300 texts: 86.7 % right against 73.3 % (McNemar's exact test, p < .001).",
    ],
    [
      countsOf(300, 40, 19, 200),
      "nano is better than mini on 300 texts: 80.0 % right against 73.0 % (McNemar's exact test, p = .009).",
    ],
    [countsOf(200, 5, 5, 150), 'No difference shown on 200 texts: both got 155 right.'],
    [countsOf(1, 0, 0, 1), 'No difference shown on 1 text: both got 1 right.'],
    [countsOf(0, 0, 0, 0), 'There is no text that both answered.'],
  ])('%j', (counts, sentence) => {
    expect(verdictOf('nano', 'mini', counts).sentence).toBe(sentence)
  })

  it('says more than there are where the test fell short by little', () => {
    const found = verdictOf('a', 'b', countsOf(20, 0, 5, 10))
    expect(found).toMatchObject({ isShown: false, better: 'second' })
    expect(found.needed).toBeGreaterThan(20)
  })
})
