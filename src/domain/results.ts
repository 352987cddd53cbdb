/** The page's view of a run: one row per line of text. */
import type { LabelSet } from './label'
import type { Line } from './lines'
import { margin, topIndex } from './margin'
import type { Scored } from './score-table'
import { isUncertain } from './uncertain'

/** What a row needs of what the engine says about a text. */
export type ScoredLine = Omit<Scored, 'scores'>

export interface ResultRow extends ScoredLine {
  /** Line number in the user's text, from 1. */
  readonly line: number
  readonly text: string
  /** The second text of a row from a file that has one. */
  readonly pair?: string
  /** Id of the gold label, where the file has one. */
  readonly goldId?: string
  /** The other columns of the file that the row came from. */
  readonly other?: Readonly<Record<string, string>>
  /** Id of the most probable label. */
  readonly labelId: string
  /** Probability of that label. */
  readonly probability: number
  /** Its distance to the second most probable label. */
  readonly margin: number
  /** The probability is below the user's threshold. */
  readonly isUncertain: boolean
}

/** The row of one scored line. Throws a RangeError when the scores belong to other lines or labels. */
export function resultRow(
  lines: readonly Line[],
  labels: LabelSet,
  scored: ScoredLine,
  uncertainBelow: number,
): ResultRow {
  const line = lines[scored.index]
  const top = topIndex(scored.probabilities)
  const label = labels[top]
  if (line === undefined || label === undefined || labels.length !== scored.probabilities.length) {
    throw new RangeError(
      `Result ${scored.index} does not belong to these ${lines.length} lines and ${labels.length} labels.`,
    )
  }
  return {
    index: scored.index,
    line: line.line,
    text: line.text,
    ...(line.pair !== undefined && { pair: line.pair }),
    ...(line.goldId !== undefined && { goldId: line.goldId }),
    ...(line.other && { other: line.other }),
    labelId: label.id,
    probability: scored.probabilities[top] ?? 0,
    probabilities: scored.probabilities,
    margin: margin(scored.probabilities),
    isUncertain: isUncertain(scored.probabilities, uncertainBelow),
    isCut: scored.isCut,
    isUnreadable: scored.isUnreadable,
    inputTokens: scored.inputTokens,
    demonstrationsUsed: scored.demonstrationsUsed,
    milliseconds: scored.milliseconds,
  }
}
