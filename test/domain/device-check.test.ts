import { expect, it } from 'vitest'
import {
  checkReport,
  differenceOf,
  isWithinBound,
  verdictOf,
  type CheckRow,
} from '../../src/domain/device-check'

const measured = (maxDifference: number, isApproximate = false): CheckRow => ({
  ...{ backend: 'webgpu', numberFormat: 'int8-weights', isApproximate },
  outcome: {
    kind: 'measured',
    found: { maxDifference, equalLabels: 0.96875, millisecondsPerText: 12.34, loadMs: 987.6 },
  },
})

it('differenceOf finds the greatest difference and the share of equal labels', () => {
  const reference = [
    [0.2, 0.8],
    [0.6, 0.4],
  ]
  const found = differenceOf(
    [
      [0.25, 0.75],
      [0.45, 0.55],
    ],
    reference,
  )
  expect(found.maxDifference).toBeCloseTo(0.15, 12)
  expect(found.equalLabels).toBe(0.5)
  expect(differenceOf(reference, reference)).toEqual({ maxDifference: 0, equalLabels: 1 })
})

it('differenceOf takes a text without an answer for wholly different', () => {
  expect(differenceOf([], [[0.2, 0.8]])).toEqual({ maxDifference: 1, equalLabels: 0 })
})

it('differs by more than it may beyond 0.005, with 8-bit activations beyond 0.03', () => {
  expect(isWithinBound(measured(0.005))).toBe(true)
  expect(isWithinBound(measured(0.0051))).toBe(false)
  expect(isWithinBound(measured(0.03, true))).toBe(true)
  expect(isWithinBound(measured(0.031, true))).toBe(false)
  expect(isWithinBound({ ...measured(0), outcome: { kind: 'waiting' } })).toBeUndefined()
  expect(verdictOf(measured(0.1))).toBe('differs by more than 0.005')
})

it('a report is Markdown that nothing in it can break', () => {
  const failed: CheckRow = { ...measured(0), outcome: { kind: 'failed', reason: 'a | b\nc' } }
  expect(checkReport([['browser', 'An | odd\none']], [measured(0.0012345), failed])).toBe(
    [
      String.raw`- browser: An \| odd one`,
      '',
      '| backend | format | max |Δp| | equal labels | ms per text | load ms | verdict |'.replace(
        '|Δp|',
        String.raw`\|Δp\|`,
      ),
      '| --- | --- | --- | --- | --- | --- | --- |',
      '| webgpu | int8-weights | 0.00123 | 96.9 % | 12.3 | 988 | as it should be |',
      String.raw`| webgpu | int8-weights |  |  |  |  | a \| b c |`,
      '',
    ].join('\n'),
  )
})
