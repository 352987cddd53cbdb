/** Datasets that are recognised by their columns, and what their labels mean. */
import { foldName, type ColumnSample } from './columns'
import { findLabel } from './find-label'
import type { KnownDatasetId } from './known-dataset-ids'
import type { LabelSet } from './label'
import { foldLabel, guessLabelRule, type LabelMap, type LabelRule } from './label-rule'

export interface KnownDataset {
  readonly id: KnownDatasetId
  readonly name: string
  readonly textColumn: string
  readonly labelColumn: string
  readonly labelRule: LabelRule
  /** Id of the label that most rows of the published set have, where one clearly has. */
  readonly majorityId?: string
}

/** What a number stands for, in words that the task's labels are asked for. */
type Meanings = Readonly<Record<string, string>>

interface Signature {
  readonly id: KnownDatasetId
  readonly name: string
  readonly text: readonly string[]
  readonly label: readonly string[]
  /** Columns that must be there besides. */
  readonly others?: readonly string[]
  /** There are so many columns and no more. */
  readonly columns?: number
  /** The column that holds dates as {@link TWEET_DATE}. */
  readonly dates?: string
  /** None for labels that say themselves what they mean. */
  readonly meanings?: Meanings
  readonly kind?: 'entities' | 'score'
  readonly majority?: string
}

/** The order of TFSN's publisher. Some public copies exchange 1 and 2, which only the balance tells. */
export const TFSN_LABELS: Meanings = { 0: 'bearish', 1: 'bullish', 2: 'neutral' }
/** A line of Financial PhraseBank as published: sentence and label, split at the last @. */
export const FPB_LINE = /^(.+)@([^@\s]+)\s*$/

/** As in `Mon Apr 06 22:19:45 PDT 2009`. */
const TWEET_DATE = /^[A-Z][a-z]{2} [A-Z][a-z]{2} \d{2} \d{2}:\d{2}:\d{2} [A-Z]{3,4} \d{4}$/

/** Tried in order. Counts: TFSN 15 % bearish, 20 % bullish, 65 % neutral; FPB 50Agree 12 % negative, 59 % neutral. */
const SIGNATURES: readonly Signature[] = [
  {
    id: 'sentfin',
    name: 'SEntFiN',
    text: ['title'],
    label: ['decisions'],
    kind: 'entities',
    meanings: { negative: 'negative', neutral: 'neutral', positive: 'positive' },
  },
  {
    id: 'fiqa',
    name: 'FiQA',
    text: ['sentence', 'headline', 'text'],
    label: ['sentiment_score', 'score'],
    others: ['target'],
    kind: 'score',
  },
  {
    // The table of 50,000 film reviews as it is passed on; as first published they are a folder of files.
    id: 'imdb',
    name: 'IMDB film reviews',
    text: ['review'],
    label: ['sentiment'],
    columns: 2,
    meanings: { negative: 'negative', positive: 'positive' },
  },
  {
    // As published, without a head: polarity, id, date, query, user, text.
    id: 'sentiment140',
    name: 'Sentiment140',
    text: ['column 6'],
    label: ['column 1'],
    others: ['column 3'],
    columns: 6,
    dates: 'column 3',
    meanings: { 0: 'negative', 4: 'positive' },
  },
  {
    id: 'sst-2',
    name: 'SST-2',
    text: ['sentence', 'content'],
    label: ['label'],
    // Unlabelled test rows have -1, which stays without a label.
    meanings: { 0: 'negative', 1: 'positive' },
  },
  {
    id: 'fpb',
    name: 'Financial PhraseBank',
    text: ['sentence'],
    label: ['label'],
    meanings: { 0: 'negative', 1: 'neutral', 2: 'positive' },
    majority: 'neutral',
  },
  {
    id: 'tfsn',
    name: 'Twitter financial news sentiment',
    text: ['text'],
    label: ['label'],
    meanings: TFSN_LABELS,
    majority: 'neutral',
  },
]

/** FiQA publishes scores from -1 to 1; these limits are those of FinGPT's benchmark. */
const FIQA_LIMITS = { negativeBelow: -0.1, positiveFrom: 0.1 } as const

function mapOf(meanings: Meanings, labels: LabelSet): LabelMap | undefined {
  const pairs = Object.entries(meanings).map(
    ([name, meaning]) => [name, findLabel(labels, meaning)?.id] as const,
  )
  const known = pairs.flatMap(([name, id]) => (id === undefined ? [] : [[name, id] as const]))
  return known.length === pairs.length ? Object.fromEntries(known) : undefined
}

function ruleOf(
  { kind, meanings = {} }: Signature,
  cells: readonly string[],
  labels: LabelSet,
): LabelRule | undefined {
  if (kind === 'score') {
    const ids = mapOf({ low: 'negative', middle: 'neutral', high: 'positive' }, labels)
    if (!ids || !cells.every((cell) => Number.isFinite(Number(cell)))) return undefined
    const { low: lowId = '', middle: middleId = '', high: highId = '' } = ids
    return { kind, ...FIQA_LIMITS, lowId, middleId, highId }
  }
  const labelIds = mapOf(meanings, labels)
  if (!labelIds) return undefined
  if (kind === 'entities') {
    return cells.every((cell) => /^\s*\{.*\}\s*$/s.test(cell)) ? { kind, labelIds } : undefined
  }
  const names = new Set(cells.map(foldLabel))
  names.delete('-1')
  return [...names].every((name) => Object.hasOwn(labelIds, name)) ? { kind: 'names', labelIds } : undefined
}

/** The dataset whose columns these are, or undefined; `columns` hold the cells of enough rows to see every label. */
export function recogniseDataset(
  columns: readonly ColumnSample[],
  labels: LabelSet,
): KnownDataset | undefined {
  const named = (names: readonly string[]) => columns.find(({ name }) => names.includes(foldName(name)))
  for (const signature of SIGNATURES) {
    const text = named(signature.text)
    const label = named(signature.label)
    const cells = label?.values.filter((cell) => cell.trim() !== '') ?? []
    if (!text || !label || cells.length === 0) continue
    if (signature.others?.some((name) => !named([name]))) continue
    if (signature.columns !== undefined && columns.length !== signature.columns) continue
    const dates = signature.dates === undefined ? [] : (named([signature.dates])?.values ?? [])
    if (!dates.every((cell) => TWEET_DATE.test(cell.trim()))) continue
    const labelRule = ruleOf(signature, cells, labels)
    if (!labelRule) continue
    const majorityId =
      signature.majority === undefined ? undefined : findLabel(labels, signature.majority)?.id
    const { id, name } = signature
    const found = { id, name, textColumn: text.name, labelColumn: label.name, labelRule }
    return majorityId === undefined ? found : { ...found, majorityId }
  }
  return undefined
}

/** Financial PhraseBank in its own form, whose labels are words. */
export function phraseBank(
  textColumn: string,
  label: ColumnSample,
  labels: LabelSet,
): KnownDataset | undefined {
  const labelRule = guessLabelRule(label.values, labels)
  const majorityId = findLabel(labels, 'neutral')?.id
  if (!labelRule) return undefined
  const found = {
    id: 'fpb',
    name: 'Financial PhraseBank',
    textColumn,
    labelColumn: label.name,
    labelRule,
  } as const
  return majorityId === undefined ? found : { ...found, majorityId }
}
