import { expect, it } from 'vitest'
import { margin, topIndex } from '../../src/domain/margin'
import { isUncertain } from '../../src/domain/uncertain'

it('margin is the lead of the first over the second', () => {
  expect(margin([0.2, 0.7, 0.1])).toBeCloseTo(0.5, 12)
  expect(margin([0.1, 0.3, 0.6])).toBeCloseTo(0.3, 12)
  expect(margin([0.5, 0.5])).toBe(0)
  expect(margin([1])).toBe(1)
})

it('topIndex is the first of the greatest', () => {
  expect(topIndex([0.2, 0.4, 0.4])).toBe(1)
  expect(topIndex([-3, -1, -2])).toBe(1)
  expect(topIndex([])).toBe(-1)
})

it('is uncertain when no label reaches the threshold', () => {
  expect(isUncertain([0.5, 0.3, 0.2], 0.5)).toBe(false)
  expect(isUncertain([0.49, 0.31, 0.2], 0.5)).toBe(true)
  expect(isUncertain([0.4, 0.3, 0.3], 0)).toBe(false)
})
