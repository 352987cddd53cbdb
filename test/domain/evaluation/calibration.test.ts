import { describe, expect, it } from 'vitest'
import { brierScore, calibrationOf } from '../../../src/domain/evaluation/calibration'
import { accuracyByCoverage, coverageAt } from '../../../src/domain/evaluation/coverage'
import golden from '../../fixtures/evaluation.json'

const { probabilities } = golden
const gold = golden.metrics[0]?.gold ?? []
const answer = golden.metrics[0]?.predicted ?? []
const confidences = probabilities.map((row) => Math.max(...row))
const right = answer.map((label, row) => label === gold[row])

describe('calibrationOf', () => {
  it.each([
    ['equal width', golden.calibration.equalWidth],
    ['equal mass', golden.calibration.equalMass],
  ] as const)('agrees with numpy and scikit-learn by %s', (binning, expected) => {
    const { bins, ece, mce } = calibrationOf(confidences, right, binning)
    expect(bins.map(({ count }) => count)).toEqual(expected.counts)
    const filled = bins.filter(({ count }) => count > 0)
    filled.forEach(({ accuracy, confidence }, place) => {
      expect(accuracy).toBeCloseTo(expected.accuracy[place] ?? NaN, 12)
      expect(confidence).toBeCloseTo(expected.confidence[place] ?? NaN, 12)
    })
    expect(ece).toBeCloseTo(expected.ece, 12)
    expect(mce).toBeCloseTo(expected.mce, 12)
  })

  it('puts a confidence on an edge into the lower bin', () => {
    const edges = [0.1, 0.2, 0.3, 0.6, 0.7, 0.9, 1]
    const { bins } = calibrationOf(
      edges,
      edges.map(() => true),
      'equal width',
    )
    expect(bins.map(({ count }) => count)).toEqual([1, 1, 1, 0, 0, 1, 1, 0, 1, 1])
  })

  it('says nothing of no rows', () => {
    expect(calibrationOf([], [], 'equal mass')).toMatchObject({ ece: 0, mce: 0 })
  })
})

it('brierScore agrees with scikit-learn', () => {
  expect(brierScore(probabilities, gold)).toBeCloseTo(golden.calibration.brier, 12)
})

describe('coverage', () => {
  it.each(
    golden.calibration.coverage.map(([threshold, coverage, accuracy]) => ({ threshold, coverage, accuracy })),
  )('at $threshold', ({ threshold, coverage, accuracy }) => {
    const found = coverageAt(confidences, right, threshold ?? NaN)
    expect(found.coverage).toBeCloseTo(coverage ?? NaN, 12)
    expect(found.accuracy).toBeCloseTo(accuracy ?? NaN, 12)
  })

  it('runs from all texts to the surest', () => {
    const points = accuracyByCoverage(confidences, right, 1000)
    expect(points[0]).toMatchObject({ coverage: 1, threshold: Math.min(...confidences) })
    expect(points[0]?.accuracy).toBeCloseTo(golden.metrics[0]?.accuracy ?? NaN, 12)
    for (const { threshold, coverage, accuracy } of points)
      expect(coverageAt(confidences, right, threshold)).toEqual({ threshold, coverage, accuracy })
    const thinned = accuracyByCoverage(confidences, right, 20)
    expect(thinned).toHaveLength(20)
    expect([thinned[0], thinned.at(-1)]).toEqual([points[0], points.at(-1)])
  })

  it('has one point for equal confidences, and none for no rows', () => {
    expect(accuracyByCoverage([0.5, 0.5, 0.5, 0.5], [true, false, true, true])).toEqual([
      { threshold: 0.5, coverage: 1, accuracy: 0.75 },
    ])
    expect(accuracyByCoverage([], [])).toEqual([])
    expect(coverageAt([], [], 0.5)).toEqual({ threshold: 0.5, coverage: 0, accuracy: undefined })
  })
})
