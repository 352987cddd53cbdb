/** Labelled texts as CSV and TSV. */
import { CsvReader, readCsvRowsTolerantly, type CsvForm as ReadForm, type CsvRow } from '../../csv-rows'
import { csvLine, restoreCell, type CsvForm } from '../../export-csv'
import { distinctNames, guessTableForm } from '../../table-form'
import type { Annotation, Item } from '../annotation'
import { takeForeignRows } from './foreign-rows'
import { BrokenRow, type Import } from './import'
import type { NamedRow } from './named-row'
import { OwnRows } from './own-rows'
import { isOwnTable, SPREADSHEET_SAFE, writeRows, type LabelledColumn } from './table-columns'

const label: LabelledColumn = { name: 'label', valueOf: (_, annotation) => annotation?.labelId }

/**
 * The table row by row, its header first. A byte order mark, which Excel needs to see UTF-8, is for whoever writes the
 * file.
 */
export function writeTable(
  items: readonly Item[],
  annotations: readonly Annotation[],
  labelIds: readonly string[],
  delimiter: string,
  form: CsvForm,
): Generator<string> {
  const [name, mark] = form === 'spreadsheet-safe' ? [[SPREADSHEET_SAFE], [true]] : [[], []]
  const head = (columns: readonly LabelledColumn[]) =>
    csvLine([...columns.map((column) => column.name), ...name], form, delimiter)
  return writeRows(items, annotations, labelIds, [label], head, (columns, item, annotation) =>
    csvLine([...columns.map(({ valueOf }) => valueOf(item, annotation) ?? ''), ...mark], form, delimiter),
  )
}

/** Characters that the guess of a table's form looks at. */
const SAMPLE = 100_000

interface Header {
  readonly names: readonly string[]
  readonly isOwn: boolean
  readonly isEscaped: boolean
}

function headerOf(cells: readonly string[]): Header {
  const isEscaped = cells.includes(SPREADSHEET_SAFE)
  const names = isEscaped ? cells.map(restoreCell) : cells
  const isOwn = isOwnTable(names)
  return { names: isOwn ? names : distinctNames(cells), isOwn, isEscaped: isOwn && isEscaped }
}

/** The first row that the beginning of a table holds as a whole. */
function firstRow(content: string, form: ReadForm): readonly string[] | undefined {
  const rows = new CsvReader(form).push(content.slice(0, SAMPLE), content.length <= SAMPLE)
  return rows.ok ? rows.value[0]?.cells : undefined
}

/**
 * Our own rows end in CR LF, as written, so that a cell may hold a CR or LF of its own; an editor may have changed that,
 * and then rows end as they do in any table.
 */
function ownForm(content: string, delimiter: string): ReadForm | undefined {
  const form = { delimiter, quotes: 'csv', rowEnd: 'CR LF' } as const
  const written = firstRow(content, form)
  const normal = firstRow(content.slice(0, SAMPLE).replace(/\r\n?/g, '\n'), { delimiter, quotes: 'csv' })
  return written?.length === normal?.length && written && headerOf(written).isOwn ? form : undefined
}

function named(
  { line, cells }: CsvRow,
  { names, isEscaped }: Header,
  places: ReadonlyMap<string, number>,
): NamedRow {
  const column = (name: string) => (places.get(name) ?? 0) + 1
  const cell = (name: string) => {
    const place = places.get(name)
    const written = place === undefined ? '' : (cells[place] ?? '')
    return isEscaped ? restoreCell(written) : written
  }
  return { line, names, cell, column }
}

function checkWidth({ cells }: CsvRow, { names }: Header): void {
  if (cells.length === names.length) return
  const found = `${cells.length} ${cells.length === 1 ? 'field' : 'fields'} where the header has ${names.length}`
  const column = Math.min(cells.length, names.length)
  throw new BrokenRow(`${found}; a text that holds a separator needs quotes around it.`, undefined, column)
}

/**
 * Calls `take` with every row of a table by the names of its columns; broken rows become troubles of the import. Answers what
 * is wrong where it is no table at all.
 */
export function readTableRows(
  text: string,
  into: Import,
  delimiter: string,
  take: (row: NamedRow, isOwn: boolean) => void,
): string | undefined {
  const content = text.replace(/^\uFEFF/, '')
  const own = ownForm(content, delimiter)
  const normal = own ? content : content.replace(/\r\n?/g, '\n')
  const guess = own ? undefined : guessTableForm(normal.slice(0, SAMPLE), normal.length <= SAMPLE)
  if (/^\s*(?:\{\s*"|\[\s*\{)/.test(normal.slice(0, 1000))) return 'this is JSON, not a table.'
  let header: Header | undefined
  let places: ReadonlyMap<string, number> = new Map()
  for (const read of readCsvRowsTolerantly(normal, own ?? guess ?? { delimiter, quotes: 'csv' })) {
    if ('rows' in read) {
      const sentence = 'the quotes of this field do not close as CSV asks.'
      into.trouble(read.line, new BrokenRow(sentence, undefined, read.column))
      continue
    }
    if (!header) {
      const hasHeader = own !== undefined || guess?.hasHeader === true
      header = headerOf(hasHeader ? read.cells : read.cells.map(() => ''))
      places = new Map(header.names.map((name, place) => [name, place]))
      if (hasHeader) continue
    }
    const [found, at] = [header, places]
    into.row(read.line, () => {
      checkWidth(read, found)
      take(named(read, found, at), found.isOwn)
    })
  }
  return undefined
}

/** Reads a table into the import; answers what is wrong where it is no table of texts at all. */
export function readTable(text: string, into: Import, delimiter: string): string | undefined {
  const ownRows = new OwnRows(into)
  const foreign: NamedRow[] = []
  const reason = readTableRows(text, into, delimiter, (row, isOwn) => {
    if (isOwn) ownRows.take(row)
    else foreign.push(row)
  })
  if (reason !== undefined || foreign.length === 0) return reason
  return takeForeignRows(foreign, into) ? undefined : 'no column looks like a text.'
}
