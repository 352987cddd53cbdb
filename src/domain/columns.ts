/** Which columns of a table hold the text, a second text beside it, and the gold label. */
import { findLabel } from './find-label'
import type { LabelSet } from './label'

export interface ColumnSample {
  readonly name: string
  /** Cells of the first rows. */
  readonly values: readonly string[]
}

export interface ColumnGuess {
  readonly textColumn: string | undefined
  readonly pairColumn: string | undefined
  readonly labelColumn: string | undefined
}

/** Names under which tasks over two texts are published. */
const PAIRS: readonly (readonly [string, string])[] = [
  ['sentence1', 'sentence2'],
  ['premise', 'hypothesis'],
  ['question1', 'question2'],
  ['text1', 'text2'],
  ['text', 'text_pair'],
  ['text', 'pair'],
  ['question', 'sentence'],
  ['question', 'answer'],
]

export const TEXT_COLUMNS = [
  ...[
    'text',
    'sentence',
    'tweet',
    'headline',
    'title',
    'content',
    'news',
    'review',
    'comment',
    'message',
    'body',
  ],
  ...new Set(PAIRS.map(([first]) => first).filter((first) => first !== 'text')),
]
export const LABEL_COLUMNS = ['label', 'sentiment', 'class', 'gold', 'gold_label', 'polarity', 'category']

/** More distinct values than this are no label column but a text, a number or an id. */
const MAX_LABELS = 20

/** A column's name as it is compared: without the space around it and in lower case. */
export const foldName = (name: string): string => name.trim().toLowerCase()

const filled = ({ values }: ColumnSample): readonly string[] => values.filter((value) => value.trim() !== '')
const isNumber = (value: string): boolean => value.trim() !== '' && Number.isFinite(Number(value))

/** How much a column looks like prose: letters per cell, and nothing where most cells are numbers or single words. */
function proseScore(column: ColumnSample): number {
  const cells = filled(column)
  const prose = cells.filter((cell) => !isNumber(cell) && /\p{L}/u.test(cell))
  const several = prose.filter((cell) => /\S\s+\S/u.test(cell))
  if (prose.length * 2 < cells.length || cells.length === 0) return 0
  const letters = prose.reduce((sum, cell) => sum + cell.length, 0) / cells.length
  return several.length * 2 < prose.length ? letters / 100 : letters
}

function looksLikeLabels(column: ColumnSample, labels: LabelSet): boolean {
  const distinct = new Set(filled(column).map(foldName))
  const known = [...distinct].filter((value) => findLabel(labels, value) !== undefined)
  return distinct.size > 0 && distinct.size <= MAX_LABELS && known.length * 2 > distinct.size
}

/** Guesses by names first, then by contents; no column is given two parts. */
export function guessColumns(columns: readonly ColumnSample[], labels: LabelSet): ColumnGuess {
  const named = (names: readonly string[]): ColumnSample | undefined =>
    names.map((name) => columns.find((column) => foldName(column.name) === name)).find(Boolean)
  const labelColumn = named(LABEL_COLUMNS) ?? columns.find((column) => looksLikeLabels(column, labels))
  const rest = columns.filter((column) => column !== labelColumn)
  const wordiest = rest.reduce<ColumnSample | undefined>(
    (best, column) => (proseScore(column) > (best ? proseScore(best) : 0) ? column : best),
    undefined,
  )
  const [first, second] = PAIRS.map((names) => names.map((name) => named([name]))).find((pair) =>
    pair.every((column) => column && column !== labelColumn),
  ) ?? [undefined, undefined]
  const textColumn = first ?? named(TEXT_COLUMNS) ?? wordiest ?? rest[0] ?? columns[0]
  return {
    textColumn: textColumn?.name,
    pairColumn: second?.name,
    labelColumn: labelColumn === textColumn ? undefined : labelColumn?.name,
  }
}
