/** Labelled datasets as people publish them, read into texts with the task's own label ids. */
import { LABEL_COLUMNS, TEXT_COLUMNS } from './columns'
import { readCsvRows } from './csv-rows'
import { findLabel } from './find-label'
import { FPB_LINE, TFSN_LABELS } from './known-datasets'
import type { Label, LabelSet } from './label'
import { failure, success, type Outcome } from './outcome'

export interface DatasetRow {
  readonly text: string
  /** {@link Label.id} of the gold label. */
  readonly labelId: string
  /** Line of the file on which the row begins, from 1. */
  readonly line: number
}

/**
 * - `tfsn`: Twitter financial news sentiment, `text,label` with 0 bearish, 1 bullish, 2 neutral;
 * - `fpb`: Financial PhraseBank, `sentence@label` without a header (latin-1, which the reader of the file decodes);
 * - `table`: any CSV or TSV with a text and a label column whose labels are the task's ids, words or aliases.
 */
export type DatasetKind = 'tfsn' | 'fpb' | 'table'

export interface Dataset {
  readonly kind: DatasetKind
  readonly rows: readonly DatasetRow[]
}

/** Why a dataset cannot be read. Lines and columns count from 1; columns are fields, not characters. */
export interface DatasetError {
  readonly line: number
  readonly column: number
  /** A whole sentence that begins with file, line and column. */
  readonly message: string
}

/** What a file calls the labels, by its own names; the values are ids, words or aliases of the task. */
export type LabelNames = ReadonlyMap<string, string>

type Result<T> = Outcome<T, DatasetError>
type Fail = (line: number, column: number, sentence: string) => Result<never>

interface Header {
  readonly delimiter: string
  /** Places of the two columns, from 0. */
  readonly text: number
  readonly label: number
  readonly width: number
}

const TFSN_NAMES: LabelNames = new Map(Object.entries(TFSN_LABELS))

function readHeader(firstLine: string): Header | undefined {
  for (const delimiter of [',', '\t', ';']) {
    const names = firstLine.split(delimiter).map((name) =>
      name
        .trim()
        .replace(/^"(.*)"$/, '$1')
        .toLowerCase(),
    )
    const text = names.findIndex((name) => TEXT_COLUMNS.includes(name))
    const label = names.findIndex((name) => LABEL_COLUMNS.includes(name))
    if (text >= 0 && label >= 0) return { delimiter, text, label, width: names.length }
  }
  return undefined
}

function labelOf(labels: LabelSet, name: string, line: number, column: number, fail: Fail): Result<Label> {
  const label = findLabel(labels, name)
  if (label !== undefined) return success(label)
  const known = labels.map(({ id, words, aliases }) => [...new Set([id, words, ...aliases])].join(' or '))
  return fail(line, column, `the label "${name}" is none of the task's: ${known.join('; ')}.`)
}

function parseTable(
  content: string,
  header: Header,
  labels: LabelSet,
  labelNames: LabelNames | undefined,
  fail: Fail,
): Result<Dataset> {
  const table = readCsvRows(content, header.delimiter)
  if (!table.ok)
    return fail(table.error.line, table.error.column, 'the quotes of this field do not close as CSV asks.')
  const body = table.value.slice(1)
  const knowsTfsn = [...TFSN_NAMES.values()].every((name) => findLabel(labels, name) !== undefined)
  const isTfsn =
    labelNames === undefined &&
    knowsTfsn &&
    body.every(({ cells }) => TFSN_NAMES.has((cells[header.label] ?? '').trim()))
  const names = isTfsn ? TFSN_NAMES : (labelNames ?? new Map<string, string>())
  const rows: DatasetRow[] = []
  for (const { line, cells } of body) {
    if (cells.length !== header.width) {
      const found = `${cells.length} ${cells.length === 1 ? 'field' : 'fields'} where the header has ${header.width}`
      return fail(
        line,
        Math.min(cells.length, header.width),
        `${found}; a text that holds a separator needs quotes.`,
      )
    }
    const text = (cells[header.text] ?? '').trim()
    if (text === '') return fail(line, header.text + 1, 'the text is empty.')
    const name = (cells[header.label] ?? '').trim()
    const label = labelOf(labels, names.get(name) ?? name, line, header.label + 1, fail)
    if (!label.ok) return label
    rows.push({ text, labelId: label.value.id, line })
  }
  return success({ kind: isTfsn ? 'tfsn' : 'table', rows })
}

function parseFpb(
  content: string,
  labels: LabelSet,
  labelNames: LabelNames | undefined,
  fail: Fail,
): Result<Dataset> {
  const rows: DatasetRow[] = []
  for (const [index, raw] of content.split('\n').entries()) {
    if (raw.trim() === '') continue
    const line = index + 1
    const [, text, name] = FPB_LINE.exec(raw) ?? []
    if (text === undefined || name === undefined)
      return fail(line, 1, 'the line is not a sentence, an @ and a label.')
    const label = labelOf(labels, labelNames?.get(name) ?? name, line, 2, fail)
    if (!label.ok) return label
    rows.push({ text: text.trim(), labelId: label.value.id, line })
  }
  return success({ kind: 'fpb', rows })
}

/**
 * Reads a dataset whose kind its content tells. `file` is only for the error sentence; `labelNames` says what the
 * file's own labels mean where they are neither TFSN's numbers nor names the task knows.
 */
export function parseDataset(
  file: string,
  content: string,
  labels: LabelSet,
  labelNames?: LabelNames,
): Outcome<Dataset, DatasetError> {
  const fail: Fail = (line, column, sentence) =>
    failure({ line, column, message: `${file}, line ${line}, column ${column}: ${sentence}` })
  const normal = content.replace(/^\uFEFF/, '').replace(/\r\n?/g, '\n')
  const [firstLine = ''] = normal.split('\n', 1)
  const header = readHeader(firstLine)
  if (normal.trim() === '') return fail(1, 1, 'the file is empty.')
  if (header !== undefined) {
    const table = parseTable(normal, header, labels, labelNames, fail)
    return table.ok && table.value.rows.length === 0 ? fail(2, 1, 'there is no row after the header.') : table
  }
  if (FPB_LINE.test(firstLine)) return parseFpb(normal, labels, labelNames, fail)
  const wanted = `a text column (${TEXT_COLUMNS.join(', ')}) and a label column (${LABEL_COLUMNS.join(', ')})`
  return fail(1, 1, `the header needs ${wanted}.`)
}
