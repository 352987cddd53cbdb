/** The second of two steps: all rows of a file, as the user chose to read them. */
import { restoreCell } from '../../src/domain/export-csv'
import { labelIdOf } from '../../src/domain/label-rule'
import type { FileProgress, FileRow, ReadRequest, ReadSummary } from '../../src/files/contract'
import { FileFailure } from './file-failure'
import { rowsAreCountedIn } from './find-reading'
import type { Checkpoint } from './jobs'
import { CHARACTERS_PER_PAGE, MAX_CHARACTERS, MAX_RECORD_CHARACTERS, MAX_ROWS, ROWS_PER_PAGE } from './limits'
import type { PieceReader } from './piece-reader'
import type { RawRow } from './raw-row'
import { readRows } from './read-rows'
import { Skipped, noText } from './skipped'

export interface ReadContext {
  readonly pieces: PieceReader
  readonly checkpoint: Checkpoint
  readonly now: () => number
  readonly onRows: (rows: readonly FileRow[], progress: FileProgress) => void | Promise<void>
}

/** Hands over all rows in pages; rows without a text are left out. Throws FileFailure. */
export async function readFile(
  { pieces, checkpoint, now, onRows }: ReadContext,
  request: ReadRequest,
): Promise<ReadSummary> {
  const started = now()
  const toRow = rowMaker(request)
  const skipped = new Skipped(request.name, rowsAreCountedIn(request.reading))
  const totals = { rows: 0, labelled: 0, unreadableRows: 0, characters: 0 }
  let page: FileRow[] = []
  let pageCharacters = 0
  const flush = async () => {
    await checkpoint()
    await onRows(page, pieces.progress)
    page = []
    pageCharacters = 0
  }
  for await (const { rows, problems } of readRows(pieces, request.reading)) {
    skipped.add(problems)
    for (const raw of rows) {
      const row = toRow(raw)
      if (row.text === '') {
        skipped.add([noText(raw.row)])
        continue
      }
      const characters = charactersOf(raw)
      totals.rows += 1
      totals.characters += characters
      totals.labelled += Number(row.labelId !== undefined)
      totals.unreadableRows += Number(/[\0\uFFFD]/.test(`${row.text}${row.pair ?? ''}`))
      refuseTooMuch(raw.row, characters, totals)
      page.push(row)
      pageCharacters += characters
      if (page.length === ROWS_PER_PAGE || pageCharacters > CHARACTERS_PER_PAGE) await flush()
    }
    await flush()
  }
  const { rows, labelled, unreadableRows } = totals
  if (rows === 0) throw new FileFailure('no-rows', 'no row has a text in the chosen column.')
  return { rows, labelled, unreadableRows, skipped: skipped.rows, elapsedMs: now() - started }
}

const charactersOf = ({ cells, extra = {} }: RawRow): number =>
  [...cells, ...Object.values(extra)].reduce((sum, cell) => sum + cell.length, 0)

function refuseTooMuch(line: number, characters: number, totals: { rows: number; characters: number }): void {
  if (characters > 2 * MAX_RECORD_CHARACTERS)
    throw new FileFailure('record-too-long', 'this row is longer than any text to classify.', { line })
  if (totals.rows > MAX_ROWS)
    throw new FileFailure(
      'too-large',
      `the file has more than ${MAX_ROWS.toLocaleString('en')} rows; split it.`,
    )
  if (totals.characters > MAX_CHARACTERS)
    throw new FileFailure('too-large', 'the rows take more memory than a page has; split the file.')
}

/** Places and rule of the choice, looked up once. Throws FileFailure `no-such-column`. */
function rowMaker({ reading, choice }: ReadRequest): (raw: RawRow) => FileRow {
  const { columns, isEscaped } = reading
  const placeOf = (name: string): number => {
    const place = columns.indexOf(name)
    if (place < 0) throw new FileFailure('no-such-column', `there is no column "${name}".`)
    return place
  }
  const text = placeOf(choice.textColumn)
  const pair = choice.pairColumn === undefined ? -1 : placeOf(choice.pairColumn)
  const label = choice.labelColumn === undefined ? -1 : placeOf(choice.labelColumn)
  const others = columns
    .map((name, place) => ({ name, place }))
    .filter(({ place }) => place !== text && place !== pair)
  return ({ row, cells, extra }) => {
    const cellAt = (place: number): string =>
      isEscaped ? restoreCell(cells[place] ?? '') : (cells[place] ?? '')
    const second = pair >= 0 ? cellAt(pair).trim() : ''
    const labelId = choice.labelRule && label >= 0 ? labelIdOf(choice.labelRule, cellAt(label)) : undefined
    return {
      row,
      text: cellAt(text).trim(),
      ...(second !== '' && { pair: second }),
      ...(labelId !== undefined && { labelId }),
      other: { ...Object.fromEntries(others.map(({ name, place }) => [name, cellAt(place)])), ...extra },
    }
  }
}
