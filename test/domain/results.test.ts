import { describe, expect, it } from 'vitest'
import {
  countRows,
  filterRows,
  resultRow,
  sortRows,
  withThreshold,
  type RowOrder,
} from '../../src/domain/results'
import { FINANCE_TASK } from './finance-task'
import { rowOf } from './rows'

const { labels } = FINANCE_TASK
const lines = [
  { line: 1, text: 'first' },
  { line: 4, text: 'second' },
]
const scored = {
  index: 1,
  probabilities: [0.25, 0.15, 0.6],
  inputTokens: 5,
  isCut: true,
  isUnreadable: false,
  demonstrationsUsed: 2,
  milliseconds: 7,
}

describe('resultRow', () => {
  it('names the line and the label', () => {
    const row = resultRow(lines, labels, scored, 0.65)
    expect(row).toMatchObject({
      line: 4,
      text: 'second',
      labelId: 'positive',
      probability: 0.6,
      isUncertain: true,
    })
    expect(row).toMatchObject({
      index: 1,
      isCut: true,
      isUnreadable: false,
      demonstrationsUsed: 2,
      milliseconds: 7,
    })
    expect(row.margin).toBeCloseTo(0.35, 12)
  })

  it('refuses scores of other lines or labels', () => {
    expect(() => resultRow(lines, labels, { ...scored, index: 2 }, 0.5)).toThrow(RangeError)
    expect(() => resultRow(lines, labels, { ...scored, probabilities: [0.4, 0.6] }, 0.5)).toThrow(RangeError)
  })
})

const rows = [
  rowOf({ index: 0, labelId: 'positive', probability: 0.9, probabilities: [0, 0.1, 0.9], milliseconds: 3 }),
  rowOf({
    index: 1,
    labelId: 'negative',
    probability: 0.5,
    probabilities: [0.5, 0.3, 0.2],
    isUncertain: true,
  }),
  rowOf({
    index: 2,
    labelId: 'positive',
    probability: 0.9,
    probabilities: [0, 0.1, 0.9],
    isCut: true,
    milliseconds: 20,
  }),
  rowOf({
    index: 3,
    labelId: 'negative',
    probability: 0.8,
    probabilities: [0.8, 0.1, 0.1],
    isUnreadable: true,
  }),
]

describe('sortRows', () => {
  it.each<[RowOrder, number[]]>([
    ['input order', [0, 1, 2, 3]],
    ['least sure', [1, 3, 0, 2]],
    ['most sure', [0, 2, 3, 1]],
    ['label', [3, 1, 0, 2]],
    ['slowest', [2, 1, 3, 0]],
  ])('by %s', (order, expected) => {
    const shuffled = [...rows].reverse()
    expect(sortRows(shuffled, order, labels).map((row) => row.index)).toEqual(expected)
    expect(shuffled.map((row) => row.index)).toEqual([3, 2, 1, 0])
  })
})

it('filterRows keeps what was asked for', () => {
  const kept = (filter: Parameters<typeof filterRows>[1]): number[] =>
    filterRows(rows, filter).map((row) => row.index)
  expect(kept({ kind: 'all' })).toEqual([0, 1, 2, 3])
  expect(kept({ kind: 'label', labelId: 'negative' })).toEqual([1, 3])
  expect(kept({ kind: 'not sure' })).toEqual([1])
  expect(kept({ kind: 'cut' })).toEqual([2])
  expect(kept({ kind: 'unreadable' })).toEqual([3])
})

it('countRows counts what each filter shows', () => {
  const counts = countRows(rows, labels)
  expect([...counts.perLabel]).toEqual([
    ['negative', 2],
    ['neutral', 0],
    ['positive', 2],
  ])
  expect(counts).toMatchObject({ all: 4, notSure: 1, cut: 1, unreadable: 1 })
})

it('withThreshold changes only the rows on the other side', () => {
  const changed = withThreshold(rows, 0.85)
  expect(changed.map((row) => row.isUncertain)).toEqual([false, true, false, true])
  expect(changed.map((row, place) => row === rows[place])).toEqual([true, true, true, false])
})

it('handles 100,000 rows within a frame or few', () => {
  const many = Array.from({ length: 100_000 }, (_, index) => {
    const probability = ((index * 7919) % 1000) / 1000
    return rowOf({ index, probability, probabilities: [0, 1 - probability, probability] })
  })
  const started = performance.now()
  const sorted = sortRows(many, 'least sure', labels)
  filterRows(withThreshold(many, 0.9), { kind: 'not sure' })
  countRows(many, labels)
  const elapsedMs = performance.now() - started
  expect(sorted[0]?.probability).toBe(0)
  expect(sorted.at(-1)?.probability).toBe(0.999)
  // Measured near 100 ms; the bound is for a busy machine and still fails for anything quadratic.
  expect(elapsedMs).toBeLessThan(2000)
})
