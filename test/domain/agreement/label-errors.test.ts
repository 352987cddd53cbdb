import { describe, expect, it } from 'vitest'
import { impliedErrorRate } from '../../../src/domain/agreement/implied-error-rate'
import { likelyLabelErrors } from '../../../src/domain/agreement/label-errors'
import golden from '../../fixtures/agreement.json'

describe('likelyLabelErrors', () => {
  const { given, probabilities, issues } = golden.labelIssues

  it('finds and ranks what cleanlab does', () => {
    expect(issues.length).toBeGreaterThan(5)
    expect(likelyLabelErrors(given, probabilities).map(({ index }) => index)).toEqual(issues)
  })

  it('says what the model is confident of instead', () => {
    for (const { index, given: label, suggested, selfConfidence } of likelyLabelErrors(
      given,
      probabilities,
    )) {
      expect(label).toBe(given[index])
      expect(probabilities[index]?.[suggested]).toBeGreaterThan(selfConfidence)
    }
  })

  it('finds none where there are no rows, or nobody gave the other labels', () => {
    expect(likelyLabelErrors([], [])).toEqual([])
    expect(
      likelyLabelErrors(
        [0, 0],
        [
          [0.1, 0.9],
          [0.2, 0.8],
        ],
      ),
    ).toEqual([])
  })
})

describe('impliedErrorRate', () => {
  it.each(golden.shares)('agrees with statsmodels for $hits of $n', ({ hits, n, exact, wilson, atMost }) => {
    const found = impliedErrorRate(hits, n)
    expect(found.exact.low).toBeCloseTo(exact[0] ?? NaN, 8)
    expect(found.exact.high).toBeCloseTo(exact[1] ?? NaN, 8)
    expect(found.wilson.low).toBeCloseTo(wilson[0] ?? NaN, 12)
    expect(found.wilson.high).toBeCloseTo(wilson[1] ?? NaN, 12)
    expect(found.atMost).toBeCloseTo(atMost, 8)
    expect(found.rate).toBe(hits / n)
  })

  it('says nothing of an empty sample', () => {
    expect(impliedErrorRate(0, 0)).toMatchObject({ rate: undefined, atMost: 1, exact: { low: 0, high: 1 } })
  })
})
