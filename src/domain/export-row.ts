/** What an export says about a line: the same columns in CSV and JSONL. */
import type { LabelSet } from './label'
import type { ResultRow } from './results'

/** How the numbers of a run were made. */
export interface ExportedRun {
  readonly model: string
  /** `base` or the adapter's name. */
  readonly weights: string
  readonly numberFormat: string
  readonly backend: string
}

export interface ExportColumn {
  readonly name: string
  readonly valueOf: (row: ResultRow) => string | number | boolean
}

const PROBABILITY_DECIMALS = 6
const MILLISECONDS_DECIMALS = 2

const rounded = (value: number, decimals: number): number => Number(value.toFixed(decimals))

/** What rows bring from their file besides their text, found row by row. */
export class FileColumns {
  readonly #names = new Set<string>()
  #hasGold = false

  get hasGold() {
    return this.#hasGold
  }
  get names(): readonly string[] {
    return [...this.#names]
  }

  note({ goldId, other }: Pick<ResultRow, 'goldId' | 'other'>): void {
    if (goldId !== undefined) this.#hasGold = true
    if (other) for (const name of Object.keys(other)) this.#names.add(name)
  }
}

/**
 * The exported columns in order, a probability per label among them, with six decimals; milliseconds have two. Gold
 * labels follow where there are any, then the other columns of the file that the rows came from; a name that is ours too
 * gets `(file)` behind it.
 */
export function exportColumns(
  labels: LabelSet,
  run: ExportedRun,
  { hasGold, names }: FileColumns,
): readonly ExportColumn[] {
  const own = ownColumns(labels, run)
  if (hasGold) own.push({ name: 'gold', valueOf: ({ goldId = '' }) => goldId })
  const taken = new Set(own.map(({ name }) => name))
  const ofFile = names.map((name): ExportColumn => ({
    name: taken.has(name) ? `${name} (file)` : name,
    valueOf: ({ other }) => (other && Object.hasOwn(other, name) ? (other[name] ?? '') : ''),
  }))
  return [...own, ...ofFile]
}

function ownColumns(labels: LabelSet, run: ExportedRun): ExportColumn[] {
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
    { name: 'number_format', valueOf: () => run.numberFormat },
    { name: 'backend', valueOf: () => run.backend },
    { name: 'milliseconds', valueOf: (row) => rounded(row.milliseconds, MILLISECONDS_DECIMALS) },
  ]
}

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

/** Whether these are the columns of an export of ours, with any labels and with any columns besides. */
export const isOwnExport = (columns: readonly string[]): boolean =>
  OWN_COLUMNS.every((name) => columns.includes(name)) && columns.some((name) => name.startsWith('p_'))
