/** The answers of all sides as a table, one row for each text. */
import { csvLine, type CsvForm } from '../export-csv'
import type { Line } from '../lines'
import { NO_ANSWER, type Answers } from './compare-answers'

export interface AnswersOfSide {
  readonly name: string
  readonly answers: Answers
  /** The probability of each answer, not a number where it is not known; undefined where it is known of none. */
  readonly confidences: Float64Array | undefined
}

/** The lines of a CSV, its head first; an answer that is missing is an empty cell. */
export function* answersCsv(
  lines: readonly Line[],
  labelIds: readonly string[],
  gold: Answers,
  sides: readonly AnswersOfSide[],
  form: CsvForm,
): Generator<string> {
  const labelOf = (place: number | undefined) => labelIds[place ?? NO_ANSWER] ?? ''
  const names = sides.flatMap(({ name }) => [name, `${name}: probability`])
  yield csvLine(['line', 'text', 'pair', 'gold', ...names], form)
  for (const [text, line] of lines.entries()) {
    const said = sides.flatMap(({ answers, confidences }) => [
      labelOf(answers[text]),
      answers[text] === NO_ANSWER || Number.isNaN(confidences?.[text]) ? '' : (confidences?.[text] ?? ''),
    ])
    yield csvLine([line.line, line.text, line.pair ?? '', labelOf(gold[text]), ...said], form)
  }
}
