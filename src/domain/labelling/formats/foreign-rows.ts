/** Rows of a table that somebody else wrote: which columns are what is guessed from their names and contents. */
import { foldName, guessColumns, type ColumnSample } from '../../columns'
import { recogniseDataset } from '../../known-datasets'
import { foldLabel, guessLabelRule, labelIdOf, type LabelRule } from '../../label-rule'
import { readIsoTime } from '../iso-time'
import { BrokenRow, type Import } from './import'
import type { NamedRow } from './named-row'

const IDS = ['id', 'item_id', 'doc_id', 'row_id', 'external_id', 'uuid', 'guid']
const ANNOTATORS = [
  'annotator',
  'annotator_id',
  'user',
  'username',
  'annotated_by',
  'coder',
  'rater',
  'worker_id',
]
const TIMES = ['annotated_at', 'labelled_at', 'labeled_at']
const NOTES = ['note', 'notes']
/** A name of the label beside its number. */
const LABEL_NAMES = ['label_text', 'label_name']
const GOLDS = ['gold', 'gold_label']

/** Rows that the guess looks at. */
const SAMPLE_ROWS = 2000

interface Roles {
  readonly text: string
  readonly pair: string | undefined
  readonly label: string | undefined
  readonly gold: string | undefined
  readonly id: string | undefined
  readonly annotator: string | undefined
  readonly time: string | undefined
  readonly note: string | undefined
  readonly rule: LabelRule | undefined
}

function findRoles(rows: readonly NamedRow[], into: Import): Roles | undefined {
  const names = [...new Set(rows.slice(0, SAMPLE_ROWS).flatMap((row) => row.names))]
  const named = (wanted: readonly string[]) =>
    wanted.map((name) => names.find((each) => foldName(each) === name)).find((name) => name !== undefined)
  const [id, annotator, time, note] = [IDS, ANNOTATORS, TIMES, NOTES].map(named)
  const samples: readonly ColumnSample[] = names
    .filter((name) => ![id, annotator, time, note].includes(name))
    .map((name) => ({ name, values: rows.slice(0, SAMPLE_ROWS).map((row) => row.cell(name)) }))
  const { textColumn: text, pairColumn: pair, labelColumn } = guessColumns(samples, into.labels)
  const texts = samples.find(({ name }) => name === text)?.values
  if (text === undefined || !texts?.some((cell) => /\p{L}/u.test(cell))) return undefined
  const label = named(LABEL_NAMES) ?? labelColumn
  const cells = samples.find(({ name }) => name === label)?.values.filter((cell) => cell.trim() !== '') ?? []
  const known = label === undefined ? undefined : recogniseDataset(samples, into.labels)?.labelRule
  const rule =
    known ??
    guessLabelRule(
      cells.filter((cell) => foldLabel(cell) !== '-1'),
      into.labels,
    )
  const gold = named(GOLDS)
  return { text, pair, label, gold: gold === label ? undefined : gold, id, annotator, time, note, rule }
}

/** The label in a cell by the project's id or the file's own name; `-1` says in many data sets that there is none. */
function labelIn(cell: string, { rule }: Roles): string | undefined {
  if (cell.trim() === '' || foldLabel(cell) === '-1') return undefined
  return (rule && labelIdOf(rule, cell)) ?? cell.trim()
}

/** Takes all rows; answers false where no column looks like a text. */
export function takeForeignRows(rows: readonly NamedRow[], into: Import): boolean {
  const roles = findRoles(rows, into)
  if (!roles) return false
  const { rule } = roles
  into.areLabelsNumbered =
    rule?.kind === 'names' &&
    Object.entries(rule.labelIds).every(([name, id]) => /^\d+$/.test(name) && name !== id)
  for (const row of rows) into.row(row.line, () => takeRow(row, roles, into))
  return true
}

function takeRow(row: NamedRow, roles: Roles, into: Import): void {
  const cell = (name: string | undefined): string => (name === undefined ? '' : row.cell(name).trim())
  const broken = (name: string, sentence: string) => new BrokenRow(sentence, name, row.column?.(name))
  const text = cell(roles.text)
  if (text === '') throw broken(roles.text, 'the text is missing; fill it in or take the row out.')
  const [pair, gold] = [cell(roles.pair), labelIn(cell(roles.gold), roles)]
  const [id, annotator, written] = [cell(roles.id), cell(roles.annotator), cell(roles.time)]
  const at = written === '' ? into.defaults.at : readIsoTime(written)
  if (at === undefined)
    throw broken(roles.time ?? '', `"${written}" is no time; write it like 2026-11-24T12:30:00Z.`)
  const taken = Object.values(roles)
  const other = row.names
    .filter((name) => !taken.includes(name))
    .map((name) => [name, row.cell(name)] as const)
  const itemId = into.item(
    {
      id: id === '' ? undefined : id,
      line: row.line,
      text,
      ...(pair !== '' && { pair }),
      ...(gold !== undefined && { goldId: into.labelId(gold) }),
      ...(other.length > 0 && { other: Object.fromEntries(other) }),
    },
    true,
  )
  const label = labelIn(cell(roles.label), roles)
  if (label === undefined) return
  into.label(itemId, label, { at, note: cell(roles.note), ...(annotator !== '' && { annotator }) })
}
