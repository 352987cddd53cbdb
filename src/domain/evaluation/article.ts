/** The article's table: models in rows, ways of asking in columns, for each data set. */
import type { KnownDatasetId } from '../known-dataset-ids'
import type { Interval } from '../statistics/interval'

/** In the order of the table. */
export const ARTICLE_COLUMNS = ['zero-shot', '1-shot', '5-shot', '10-shot', 'fine-tuned'] as const
export type ArticleColumn = (typeof ARTICLE_COLUMNS)[number]

/** What a finished run came to. */
export interface ArticleCell {
  readonly model: string
  /** The model's name at that time, for it may be gone by now. */
  readonly name: string
  readonly column: ArticleColumn
  /** What was asked besides, e.g. `balanced, seed 1`; empty where that goes without saying. */
  readonly variant: string
  readonly runId: string
  /** Texts with a gold label. */
  readonly n: number
  readonly accuracy: number
  readonly accuracyInterval: Interval
  readonly macroF1: number
  readonly macroF1Interval: Interval | undefined
  /** SHA-256 of the weights, the adapter's behind the base's. */
  readonly weightsSha256: string
  readonly numberFormat: string
  readonly backend: string
  /** Milliseconds since 1970. */
  readonly at: number
}

/** Texts that figures are of. */
export interface ArticleTexts {
  /** The same for the same texts. */
  readonly key: string
  /** Of the data set where it is known, else of the file. */
  readonly name: string
  readonly dataset: KnownDatasetId | undefined
  readonly split: string | undefined
  readonly texts: number
}

export interface ArticleSet extends ArticleTexts {
  readonly cells: readonly ArticleCell[]
}

/** One group of columns; without a size where the data set was not opened yet. */
export interface ArticleGroup extends Omit<ArticleSet, 'texts'> {
  readonly texts: number | undefined
  /** How its cells are filled; undefined once there is one. */
  readonly hint: string | undefined
}

const isSameCell = (one: ArticleCell, other: ArticleCell): boolean =>
  one.model === other.model && one.column === other.column && one.variant === other.variant

/** The sets with one more cell, which takes the place of an earlier one of the same model and the same way of asking. */
export function withCell(
  sets: readonly ArticleSet[],
  texts: ArticleTexts,
  cell: ArticleCell,
): readonly ArticleSet[] {
  const before = sets.find(({ key }) => key === texts.key)
  // Figures of fewer or more texts would not stand beside each other.
  const kept = before?.texts === texts.texts ? before.cells.filter((each) => !isSameCell(each, cell)) : []
  const set = { ...texts, cells: [...kept, cell] }
  return before ? sets.map((each) => (each === before ? set : each)) : [...sets, set]
}

/** The cell that a run's figures are in already, so that they need not be kept again. */
export function hasCell(sets: readonly ArticleSet[], texts: ArticleTexts, cell: ArticleCell): boolean {
  const set = sets.find(({ key }) => key === texts.key)
  const found = set?.texts === texts.texts ? set.cells.find((each) => isSameCell(each, cell)) : undefined
  return (
    found?.runId === cell.runId &&
    found.n === cell.n &&
    found.accuracy === cell.accuracy &&
    found.macroF1 === cell.macroF1
  )
}

/** The data sets of the article, which have their columns before they were opened. */
const ARTICLE_SETS = [
  { dataset: 'tfsn', name: 'Twitter financial news sentiment', file: 'its valid split (2,388 texts)' },
  { dataset: 'fpb', name: 'Financial PhraseBank', file: 'Sentences_50Agree.txt (4,846 texts)' },
] as const

/** All groups of columns: the article's data sets first, what is at hand among them, with a word on how to fill empty ones. */
export function articleGroups(
  sets: readonly ArticleSet[],
  atHand: ArticleTexts | undefined,
): readonly ArticleGroup[] {
  const isNew = atHand && !sets.some(({ key }) => key === atHand.key)
  const all = isNew ? [...sets, { ...atHand, cells: [] }] : sets
  const groupOf = (set: ArticleSet): ArticleGroup => ({
    ...set,
    hint: set.cells.length > 0 ? undefined : 'at hand now: run the table to fill it',
  })
  const known = ARTICLE_SETS.flatMap(({ dataset, name, file }): readonly ArticleGroup[] => {
    const found = all.filter((set) => set.dataset === dataset)
    if (found.length > 0) return found.map(groupOf)
    const hint = `not run yet: open ${file} in Classify, then run the table`
    return [{ key: dataset, name, dataset, split: undefined, texts: undefined, cells: [], hint }]
  })
  const isArticle = ({ dataset }: ArticleSet) => ARTICLE_SETS.some((set) => set.dataset === dataset)
  return [...known, ...all.filter((set) => !isArticle(set)).map(groupOf)]
}

/** The figures of a model in a column, the newest first. */
export const cellsOf = (
  { cells }: Pick<ArticleSet, 'cells'>,
  model: string,
  column: ArticleColumn,
): readonly ArticleCell[] =>
  cells
    .filter((cell) => cell.model === model && cell.column === column)
    .sort((one, other) => other.at - one.at)

/** The models that have a row: those chosen, then those that figures are kept of; each with its name. */
export function articleModels(
  sets: readonly ArticleSet[],
  chosen: readonly { readonly id: string; readonly name: string }[],
): readonly { readonly id: string; readonly name: string }[] {
  const kept = sets.flatMap(({ cells }) => cells.map(({ model, name }) => ({ id: model, name })))
  return [...new Map([...kept, ...chosen].map((model) => [model.id, model])).values()]
}
