import type { ResultRow } from '../../src/domain/results'

/** A result row with the fields a test cares about. */
export function rowOf(fields: Partial<ResultRow>): ResultRow {
  return {
    index: 0,
    line: 1,
    text: 'Sales rose',
    labelId: 'positive',
    probability: 0.7,
    probabilities: [0.1, 0.2, 0.7],
    margin: 0.5,
    isUncertain: false,
    isCut: false,
    isUnreadable: false,
    inputTokens: 4,
    demonstrationsUsed: 0,
    milliseconds: 12,
    ...fields,
  }
}
