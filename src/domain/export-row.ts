/** What an export says about a line: the same columns in CSV and JSONL. */
import type { ColumnGuess } from './columns'
import type { LabelSet } from './label'
import type { ResultRow } from './results'
import { partAt, type RunPart } from './run-parts'

/** How the numbers of a run were made. */
export interface ExportedRun {
  readonly model: string
  /** `base` or the adapter's name. */
  readonly weights: string
  readonly parts: readonly RunPart[]
}

export interface ExportColumn {
  readonly name: string
  readonly valueOf: (row: ResultRow) => string | number | boolean
}

/** A file's own columns never go by these names in an export, so that they mean the same when it is opened again. */
const PAIR_COLUMN = 'pair'
const GOLD_COLUMN = 'gold'

const PROBABILITY_DECIMALS = 6
const MILLISECONDS_DECIMALS = 2

const rounded = (value: number, decimals: number): number => Number(value.toFixed(decimals))

/** What rows bring from their file besides their text, found row by row. */
export class FileColumns {
  readonly #names = new Set<string>()
  #hasPair = false
  #hasGold = false

  get hasPair() {
    return this.#hasPair
  }
  get hasGold() {
    return this.#hasGold
  }
  get names(): readonly string[] {
    return [...this.#names]
  }

  note({ pair, goldId, other }: Pick<ResultRow, 'pair' | 'goldId' | 'other'>): void {
    if (pair !== undefined) this.#hasPair = true
    if (goldId !== undefined) this.#hasGold = true
    if (other) for (const name of Object.keys(other)) this.#names.add(name)
  }
}

/** The columns of a file under names that are not `own` yet: one that is taken gets `(file)` behind it, as often as it needs. */
function columnsOfFile(names: readonly string[], own: readonly string[]): readonly ExportColumn[] {
  const all = new Set(names)
  const taken = new Set(own)
  return names.map((name) => {
    let distinct = name
    while (taken.has(distinct) || (distinct !== name && all.has(distinct))) distinct += ' (file)'
    taken.add(distinct)
    return {
      name: distinct,
      valueOf: ({ other }) => (other && Object.hasOwn(other, name) ? (other[name] ?? '') : ''),
    }
  })
}

/**
 * The exported columns in order, a probability per label among them, with six decimals; milliseconds have two. Pairs and
 * gold labels follow where there are any, then the other columns of the file that the rows came from.
 */
export function exportColumns(
  labels: LabelSet,
  run: ExportedRun,
  { hasPair, hasGold, names }: FileColumns,
): readonly ExportColumn[] {
  const own = ownColumns(labels, run)
  const taken = [...own.map(({ name }) => name), PAIR_COLUMN, GOLD_COLUMN]
  if (hasPair) own.push({ name: PAIR_COLUMN, valueOf: ({ pair = '' }) => pair })
  if (hasGold) own.push({ name: GOLD_COLUMN, valueOf: ({ goldId = '' }) => goldId })
  return [...own, ...columnsOfFile(names, taken)]
}

function ownColumns(labels: LabelSet, run: ExportedRun): ExportColumn[] {
  const ofPart = (name: string, factOf: (part: RunPart) => string | undefined): ExportColumn => ({
    name,
    valueOf: ({ index }) => {
      const part = partAt(run.parts, index)
      return (part && factOf(part)) ?? ''
    },
  })
  return [
    { name: 'line', valueOf: (row) => row.line },
    { name: 'text', valueOf: (row) => row.text },
    { name: 'label', valueOf: (row) => row.labelId },
    ...labels.map(({ id }, index) => ({
      name: `p_${id}`,
      valueOf: (row: ResultRow) => rounded(row.probabilities[index] ?? 0, PROBABILITY_DECIMALS),
    })),
    { name: 'margin', valueOf: (row) => rounded(row.margin, PROBABILITY_DECIMALS) },
    { name: 'not_sure', valueOf: (row) => row.isUncertain },
    { name: 'cut', valueOf: (row) => row.isCut },
    { name: 'unreadable', valueOf: (row) => row.isUnreadable },
    { name: 'model', valueOf: () => run.model },
    { name: 'weights', valueOf: () => run.weights },
    ofPart('weights_sha256', ({ weightsSha256 }) => weightsSha256),
    ofPart('number_format', ({ numberFormat }) => numberFormat),
    ofPart('backend', ({ backend, device }) => (device === undefined ? backend : `${backend} (${device})`)),
    ofPart('fallback', ({ fallback }) => fallback),
    ofPart('batching', ({ batching }) => batching),
    { name: 'milliseconds', valueOf: (row) => rounded(row.milliseconds, MILLISECONDS_DECIMALS) },
  ]
}

/** How the header of a CSV of ours begins. */
export const OWN_BEGINNING = 'line,text,label,'

const OWN_COLUMNS = [
  'line',
  'text',
  'label',
  'margin',
  'not_sure',
  'cut',
  'unreadable',
  'number_format',
  'backend',
]

/** What the columns of an export of ours are; the labels in it are a model's answers, not gold. */
export const ownExportColumns = (columns: readonly string[]): ColumnGuess => {
  const ifThere = (name: string) => (columns.includes(name) ? name : undefined)
  return { textColumn: 'text', pairColumn: ifThere(PAIR_COLUMN), labelColumn: ifThere(GOLD_COLUMN) }
}

/** Whether these are the columns of an export of ours, with any labels and with any columns besides. */
export const isOwnExport = (columns: readonly string[]): boolean =>
  OWN_COLUMNS.every((name) => columns.includes(name)) && columns.some((name) => name.startsWith('p_'))
