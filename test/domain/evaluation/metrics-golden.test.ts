import { describe, expect, it } from 'vitest'
import { bootstrapMetrics, pairedBootstrap } from '../../../src/domain/evaluation/bootstrap-metrics'
import { computeMetrics } from '../../../src/domain/evaluation/metrics'
import golden from '../../fixtures/evaluation.json'

const named = (places: readonly number[]) => places.map((place) => `label ${place}`)

describe('computeMetrics', () => {
  it.each(golden.metrics)('agrees with scikit-learn: accuracy $accuracy, $labels labels', (expected) => {
    const labelIds = named([...Array(expected.labels).keys()])
    const found = computeMetrics(labelIds, named(expected.gold), named(expected.predicted))
    expect(found.accuracy).toBeCloseTo(expected.accuracy, 12)
    expect(found.macroF1).toBeCloseTo(expected.macroF1, 12)
    expect(found.weightedF1).toBeCloseTo(expected.weightedF1, 12)
    expect(found.mcc).toBeCloseTo(expected.mcc, 12)
    expect(found.confusion).toEqual(expected.confusion)
    expect(found.perClass.map(({ support }) => support)).toEqual(expected.support)
    found.perClass.forEach(({ precision, recall, f1 }, place) => {
      expect(precision).toBeCloseTo(expected.precision[place] ?? NaN, 12)
      expect(recall).toBeCloseTo(expected.recall[place] ?? NaN, 12)
      expect(f1).toBeCloseTo(expected.f1[place] ?? NaN, 12)
    })
  })
})

const [first, second] = golden.metrics

/** Resamplings with other seeds differ by about as much. */
const near = (found: { low: number; high: number } | undefined, expected: readonly number[]) => {
  expect(Math.abs((found?.low ?? NaN) - (expected[0] ?? NaN))).toBeLessThan(0.007)
  expect(Math.abs((found?.high ?? NaN) - (expected[1] ?? NaN))).toBeLessThan(0.007)
}

describe('bootstrap', () => {
  it('gives the intervals that resampling row by row gives', () => {
    const found = bootstrapMetrics(first?.confusion ?? [], 1, 10_000)
    near(found.accuracy, golden.resampled.accuracy)
    near(found.macroF1, golden.resampled.macroF1)
  })

  it('gives those of a difference between two set-ups', () => {
    const [gold = [], one = [], other = []] = [first?.gold, first?.predicted, second?.predicted]
    const found = pairedBootstrap(3, gold, one, other, 1, 10_000)
    expect(found.accuracy).toBeCloseTo((second?.accuracy ?? NaN) - (first?.accuracy ?? NaN), 12)
    expect(found.macroF1).toBeCloseTo((second?.macroF1 ?? NaN) - (first?.macroF1 ?? NaN), 12)
    near(found.accuracyInterval, golden.resampled.accuracyDifference)
    near(found.macroF1Interval, golden.resampled.macroF1Difference)
  })

  it('is the same for the same seed', () => {
    const confusion = second?.confusion ?? []
    expect(bootstrapMetrics(confusion, 3)).toEqual(bootstrapMetrics(confusion, 3))
    expect(bootstrapMetrics(confusion, 3)).not.toEqual(bootstrapMetrics(confusion, 4))
  })

  it('has no interval where there are no rows', () => {
    expect(
      bootstrapMetrics(
        [
          [0, 0],
          [0, 0],
        ],
        1,
      ),
    ).toEqual({ accuracy: undefined, macroF1: undefined })
    expect(pairedBootstrap(2, [], [], [], 1).accuracyInterval).toBeUndefined()
  })

  it('takes 50,000 rows a thousand times', () => {
    const confusion = [
      [9000, 1000, 500],
      [2000, 28_000, 1000],
      [500, 1500, 6500],
    ]
    const started = performance.now()
    const { accuracy } = bootstrapMetrics(confusion, 1)
    const rows = Array.from({ length: 50_000 }, (_, row) => row % 3)
    pairedBootstrap(3, rows, rows, rows.toReversed(), 1)
    expect(performance.now() - started).toBeLessThan(2000)
    expect((accuracy?.high ?? 1) - (accuracy?.low ?? 0)).toBeCloseTo(
      2 * 1.96 * Math.sqrt((0.87 * 0.13) / 50_000),
      3,
    )
  })
})
