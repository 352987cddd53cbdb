/** Answers of another system, ChatGPT's or any, as a table or JSON by rows. */
import { TEXT_COLUMNS } from '../../columns'
import { findLabel } from '../../find-label'
import type { LabelSet } from '../../label'
import { foldLabel } from '../../label-rule'
import { BrokenRow, Import, type FormatTrouble } from '../../labelling/formats/import'
import { isFields, readRecords } from '../../labelling/formats/json-records'
import { rowOfFields, type NamedRow } from '../../labelling/formats/named-row'
import { readTableRows } from '../../labelling/formats/table-format'
import { topIndex } from '../../margin'
import { failure, success, type Outcome } from '../../outcome'
import { findPredictionColumns, type PredictionColumns } from './prediction-columns'

export interface OutsidePrediction {
  /** Line of the file on which the row begins. */
  readonly fileLine: number
  /** Empty where the file has none. */
  readonly id: string
  readonly text: string
  readonly pair: string
  readonly labelId: string
  /** In label order; undefined where the file does not give all of them. */
  readonly probabilities: readonly number[] | undefined
}

export interface OutsidePredictions {
  readonly predictions: readonly OutsidePrediction[]
  /** The column that tells rows apart, as the file names it; undefined where only texts can. */
  readonly idColumn: string | undefined
  /** Answers that are none of the labels, by what they say: no answer is counted for those rows. */
  readonly unknownLabels: readonly { readonly name: string; readonly count: number }[]
  /** Labels were mere numbers, taken in the order of the labels: a guess for a person to look at. */
  readonly areLabelsNumbered: boolean
  readonly troubles: readonly FormatTrouble[]
  readonly unreadRows: number
}

/** Quotes and marks around an answer, such as `"Positive."`. */
const AROUND = /^[\s"'“”‘’*_`]+|[\s"'“”‘’*_`.!,:;]+$/gu

function probabilitiesOf(row: NamedRow, { probabilities }: PredictionColumns): readonly number[] | undefined {
  if (!probabilities) return undefined
  const cells = probabilities.map((name) => row.cell(name).trim())
  if (cells.every((cell) => cell === '')) return undefined
  return cells.map((cell, place) => {
    const value = cell === '' ? Number.NaN : Number(cell)
    const name = probabilities[place] ?? ''
    if (!(value >= 0 && value <= 1))
      throw new BrokenRow(`"${cell}" should be a probability from 0 to 1.`, name, row.column?.(name))
    return value
  })
}

/** Whether the answers are whole numbers from 0 to one less than there are labels, none of which is a label's name. */
function areNumbers(rows: readonly NamedRow[], column: string | undefined, labels: LabelSet): boolean {
  if (column === undefined) return false
  const names = new Set(rows.map((row) => foldLabel(row.cell(column))).filter((name) => name !== ''))
  return (
    names.size > 0 &&
    [...names].every((name) => /^\d+$/.test(name) && Number(name) < labels.length && !findLabel(labels, name))
  )
}

const NESTED = ['probabilities', 'probs', 'scores']

function readRows(text: string, into: Import): Outcome<readonly NamedRow[], string> {
  const rows: NamedRow[] = []
  if (/^\uFEFF?\s*[{[]/.test(text)) {
    readRecords(text, into, (fields, line) => {
      // Probabilities often come as an object of their own.
      const inner = NESTED.flatMap((name) => (isFields(fields[name]) ? Object.entries(fields[name]) : []))
      rows.push(rowOfFields({ ...Object.fromEntries(inner), ...fields }, line))
    })
    return success(rows)
  }
  const reason = readTableRows(text, into, ',', (row) => rows.push(row))
  return reason === undefined ? success(rows) : failure(reason)
}

/**
 * Reads CSV, TSV and JSON Lines with a label, or a probability for each label, and an id or a text to know the row by.
 * Broken rows cost only themselves; it fails where the columns that are needed are not there.
 */
export function readPredictions(text: string, labels: LabelSet): Outcome<OutsidePredictions, FormatTrouble> {
  const refuse = (line: number, why: string) => failure({ line, message: `Line ${line}: ${why}` })
  if (text.trim() === '') return refuse(1, 'the file is empty; choose another one.')
  const into = new Import(labels, { annotator: '', at: 0 })
  const rows = readRows(text, into)
  if (!rows.ok) return refuse(1, `${rows.error} Choose a table or JSON Lines.`)
  const [first] = rows.value
  if (!first) return into.firstTrouble ? failure(into.firstTrouble) : refuse(1, 'no row was found.')
  const columns = findPredictionColumns(rows.value, labels)
  if (columns.label === undefined && !columns.probabilities)
    return refuse(first.line, 'no column holds a label; name it "label" or "prediction".')
  if (columns.id === undefined && columns.text === undefined)
    return refuse(
      first.line,
      `a column is needed to know the texts by: "id", "line" or one of ${TEXT_COLUMNS.slice(0, 4).join(', ')}.`,
    )
  const areLabelsNumbered = areNumbers(rows.value, columns.label, labels)
  const unknown = new Map<string, number>()
  const predictions: OutsidePrediction[] = []
  const cell = (row: NamedRow, name: string | undefined) => (name === undefined ? '' : row.cell(name))
  for (const row of rows.value)
    into.row(row.line, () => {
      const probabilities = probabilitiesOf(row, columns)
      const answer = cell(row, columns.label).trim()
      const labelId = labelOf(answer, probabilities, labels, areLabelsNumbered)
      if (labelId === undefined) {
        if (answer === '') throw new BrokenRow('the answer is missing.', columns.label)
        unknown.set(answer, (unknown.get(answer) ?? 0) + 1)
        return
      }
      const [id, own, pair] = [columns.id, columns.text, columns.pair].map((name) => cell(row, name).trim())
      predictions.push({
        fileLine: row.line,
        id: id ?? '',
        text: own ?? '',
        pair: pair ?? '',
        labelId,
        probabilities,
      })
    })
  const unknownLabels = [...unknown]
    .map(([name, count]) => ({ name, count }))
    .sort((a, b) => b.count - a.count)
  const { troubles, unreadRows } = into.result()
  return success({
    predictions,
    idColumn: columns.id,
    unknownLabels,
    areLabelsNumbered,
    troubles,
    unreadRows,
  })
}

/** The label of an answer by any of its names, or the most probable one where there is no answer in words. */
function labelOf(
  answer: string,
  probabilities: readonly number[] | undefined,
  labels: LabelSet,
  areLabelsNumbered: boolean,
): string | undefined {
  if (answer === '') return probabilities && labels[topIndex(probabilities)]?.id
  if (areLabelsNumbered) return labels[Number(foldLabel(answer))]?.id
  return (findLabel(labels, answer) ?? findLabel(labels, answer.replace(AROUND, '')))?.id
}
