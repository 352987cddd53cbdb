import { expect, test } from 'vitest'
import { quantile, ratios, rotated, spreadOf } from '../../scripts/bench/statistics'

test('quantiles lie on a line between neighbours, whatever the order of the samples', () => {
  expect(quantile([4, 1, 3, 2], 0.5)).toBe(2.5)
  expect(quantile([4, 1, 3, 2], 0.25)).toBe(1.75)
  expect(quantile([7], 0.9)).toBe(7)
  expect(spreadOf([30, 10, 20])).toEqual({ median: 20, quartiles: [15, 25], samples: 3 })
})

test('a quantile of nothing is refused', () => {
  expect(() => quantile([], 0.5)).toThrow(RangeError)
})

test('ratios pair the samples of a round', () => {
  expect(ratios([2, 9], [1, 3])).toEqual([2, 3])
  expect(() => ratios([1], [1, 2])).toThrow(RangeError)
})

test('every round begins with another contestant', () => {
  expect([0, 1, 2, 3].map((round) => rotated(['a', 'b', 'c'], round).join(''))).toEqual([
    'abc',
    'bca',
    'cab',
    'abc',
  ])
})
