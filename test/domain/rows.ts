import type { ResultRow } from '../../src/domain/results'
import { ScoreTable, type Scored } from '../../src/domain/score-table'

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

/** Scores of three labels, with the fields a test cares about. */
export const scoredOf = (fields: Partial<Scored>): Scored => ({
  index: 0,
  probabilities: [0.1, 0.2, 0.7],
  scores: [-2, -1, -0.5],
  inputTokens: 4,
  isCut: false,
  isUnreadable: false,
  demonstrationsUsed: 0,
  milliseconds: 12,
  ...fields,
})

/** A table of these rows, with room for more. */
export function tableOf(rows: readonly Scored[], capacity = rows.length): ScoreTable {
  const table = new ScoreTable(capacity, rows[0]?.probabilities.length ?? 0)
  for (const row of rows) table.add(row)
  return table
}
