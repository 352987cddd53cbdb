/** The first of two steps: what a file is, and how it could be read. */
import { guessColumns, type ColumnSample } from '../../src/domain/columns'
import { restoreCell } from '../../src/domain/export-csv'
import { isOwnExport, ownExportColumns } from '../../src/domain/export-row'
import { phraseBank, recogniseDataset, type KnownDataset } from '../../src/domain/known-datasets'
import { countLabels, findExchangedLabels } from '../../src/domain/label-balance'
import { guessLabelRule, labelNames, type LabelRule } from '../../src/domain/label-rule'
import type { LabelSet } from '../../src/domain/label'
import type { Choice, FilePreview, LabelCount, OpenRequest, Reading } from '../../src/files/contract'
import { FileFailure } from './file-failure'
import { findReading, rowsAreCountedIn } from './find-reading'
import * as limits from './limits'
import type { PieceReader } from './piece-reader'
import type { RawRow } from './raw-row'
import { readRows } from './read-rows'
import { Skipped, noText } from './skipped'

interface PreviewedRows {
  readonly reading: Reading
  readonly rows: readonly RawRow[]
  readonly skipped: Skipped
}

/** Proposes how to read a file; `loud` tells of its progress. Throws FileFailure. */
export async function openFile(
  loud: PieceReader,
  pieces: PieceReader,
  request: OpenRequest,
): Promise<FilePreview> {
  const found = await findReading(loud, pieces, request)
  const { reading, rows, skipped } = await previewRows(pieces, found.reading, request.name)
  const columns = sampleColumns(reading, rows)
  const { dataset, choice } = propose(reading, columns, request)
  const labelCells = columns.find(({ name }) => name === choice.labelColumn)?.values ?? []
  const exchanged = dataset && findExchangedLabels(dataset, countLabels(labelCells, dataset.labelRule))
  const place = reading.columns.indexOf(choice.textColumn)
  skipped.add(rows.filter(({ cells }) => (cells[place] ?? '').trim() === '').map(({ row }) => noText(row)))
  const isWhole =
    ['parquet', 'json object'].includes(reading.layout.kind) || pieces.sizeBytes <= limits.PREVIEW_BYTES
  const estimate = Math.round((rows.length * pieces.sizeBytes) / limits.PREVIEW_BYTES)
  return {
    name: request.name,
    sizeBytes: pieces.sizeBytes,
    reading,
    columns: columns.map(({ name, values }) => ({ name, samples: shownSamples(values) })),
    choice,
    ...(dataset && { dataset: { id: dataset.id, name: dataset.name } }),
    labelCounts: countNames(labelCells, choice.labelRule),
    ...(exchanged && { exchangedLabels: exchanged }),
    rows: { count: found.rows ?? (isWhole ? rows.length : estimate), isExact: isWhole },
    rowsAreCountedIn: rowsAreCountedIn(reading),
    skipped: skipped.rows,
  }
}

async function previewRows(pieces: PieceReader, reading: Reading, name: string): Promise<PreviewedRows> {
  const skipped = new Skipped(name, rowsAreCountedIn(reading))
  const rows: RawRow[] = []
  const enough = { bytes: limits.PREVIEW_BYTES, rows: limits.PREVIEW_ROWS }
  for await (const batch of readRows(pieces, reading, enough)) {
    for (const row of batch.rows) rows.push(row)
    skipped.add(batch.problems)
  }
  if (rows.length === 0) throw nothingFound(reading, skipped)
  if (!reading.layout.kind.startsWith('json')) return { reading, rows, skipped }
  const columns = [...new Set(rows.flatMap(({ extra = {} }) => Object.keys(extra)))]
  if (columns.length > limits.MAX_COLUMNS)
    throw new FileFailure('too-large', `the records have more than ${limits.MAX_COLUMNS} different fields.`)
  const inColumns = rows.map(({ row, extra = {} }) => ({
    row,
    cells: columns.map((each) => extra[each] ?? ''),
  }))
  return { reading: { ...reading, columns }, rows: inColumns, skipped }
}

function nothingFound({ layout }: Reading, skipped: Skipped): FileFailure {
  const [first] = skipped.rows.examples
  if (first) return new FileFailure('no-rows', `none of its rows can be read. ${first.message}`)
  const isHeaderAlone = layout.kind === 'table' && layout.hasHeader
  return new FileFailure(
    'no-rows',
    isHeaderAlone ? 'there is no row after the header.' : 'there is no row in it.',
    isHeaderAlone ? { line: 2 } : {},
  )
}

function sampleColumns({ columns, isEscaped }: Reading, rows: readonly RawRow[]): readonly ColumnSample[] {
  return columns.map((name, place) => {
    const values = rows.map(({ cells }) => cells[place] ?? '')
    return { name, values: isEscaped ? values.map(restoreCell) : values }
  })
}

/** Cells of the rows as far as guesses need them. */
const first = ({ name, values }: ColumnSample): ColumnSample => ({
  name,
  values: values.slice(0, limits.SAMPLE_ROWS),
})

function propose(
  { layout, columns: names }: Reading,
  columns: readonly ColumnSample[],
  { labels, overrides }: OpenRequest,
): { readonly dataset: KnownDataset | undefined; readonly choice: Choice } {
  const guess = isOwnExport(names) ? ownExportColumns(names) : guessColumns(columns.map(first), labels)
  // None of the known datasets has pairs, and none of them is an export of ours.
  const isKnown = guess.pairColumn === undefined && !isOwnExport(names)
  const found = isKnown ? findDataset(layout.kind === 'label at end', columns, labels) : undefined
  const dataset = [undefined, found?.labelColumn].includes(overrides?.labelColumn) ? found : undefined
  const asked = overrides?.labelColumn ?? dataset?.labelColumn ?? guess.labelColumn
  const labelColumn = asked === '' ? undefined : asked
  const cells = columns.find(({ name }) => name === labelColumn)?.values ?? []
  const labelRule = dataset?.labelRule ?? guessLabelRule(cells, labels)
  const choice = {
    textColumn: dataset?.textColumn ?? guess.textColumn ?? names[0] ?? '',
    ...(guess.pairColumn !== undefined && { pairColumn: guess.pairColumn }),
    ...(labelColumn !== undefined && { labelColumn, ...(labelRule && { labelRule }) }),
  }
  return { dataset, choice }
}

function findDataset(isPhraseBank: boolean, columns: readonly ColumnSample[], labels: LabelSet) {
  const [text, label] = columns
  return isPhraseBank && text && label
    ? phraseBank(text.name, label, labels)
    : recogniseDataset(columns, labels)
}

function shownSamples(values: readonly string[]): readonly string[] {
  const shown: string[] = []
  for (const value of values) {
    if (shown.length === limits.SHOWN_SAMPLES) break
    if (value.trim() !== '') shown.push(value.slice(0, limits.SHOWN_CHARACTERS))
  }
  return shown
}

/** How often the label column has each name; nothing for scores and for columns of too many values to be labels. */
function countNames(cells: readonly string[], rule: LabelRule | undefined): readonly LabelCount[] {
  const counts = new Map<string, number>()
  for (const cell of cells) {
    if (cell.trim() === '') continue
    for (const name of labelNames(rule ?? { kind: 'names', labelIds: {} }, cell))
      counts.set(name, (counts.get(name) ?? 0) + 1)
    if (counts.size > limits.MAX_LABEL_NAMES) return []
  }
  return [...counts].map(([name, count]) => ({ name, count })).sort((a, b) => b.count - a.count)
}
