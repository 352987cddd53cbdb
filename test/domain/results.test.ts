import { describe, expect, it } from 'vitest'
import { resultRow } from '../../src/domain/results'
import { FINANCE_TASK } from './finance-task'

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
