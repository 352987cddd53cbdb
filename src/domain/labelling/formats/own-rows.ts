/** Rows of a table that this page wrote, read back as they were. */
import { LABEL_SOURCES, type Annotation, type LabelSource, type Suggestion } from '../annotation'
import { readIsoTime } from '../iso-time'
import { BrokenRow, type Import } from './import'
import { isList, parseJson } from './json-records'
import type { NamedRow } from './named-row'
import { fileColumn, ITEM_COLUMNS, LABEL_TEXT, PROBABILITY } from './table-columns'

/** What the names of the columns say, which is the same for all rows of a table. */
interface Columns {
  readonly names: readonly string[]
  readonly probabilities: readonly string[]
  /** Names as written, and as the file of the texts has them. */
  readonly ofFile: readonly (readonly [string, string])[]
  readonly hasItemColumns: boolean
}

function columnsOf(names: readonly string[]): Columns {
  const ofFile = names.flatMap((written) => {
    const name = fileColumn(written)
    return name === undefined ? [] : [[written, name] as const]
  })
  const probabilities = names.filter((name) => name.startsWith(PROBABILITY))
  return { names, probabilities, ofFile, hasItemColumns: names.includes(ITEM_COLUMNS) }
}

class OwnRow {
  constructor(
    readonly row: NamedRow,
    readonly columns: Columns,
  ) {}

  filled(name: string): string | undefined {
    const cell = this.row.cell(name)
    return cell === '' ? undefined : cell
  }

  broken(name: string, sentence: string): BrokenRow {
    return new BrokenRow(sentence, name, this.row.column?.(name))
  }

  flag(name: string): boolean {
    const cell = this.row.cell(name).trim().toLowerCase()
    if (!['', 'true', 'false'].includes(cell)) throw this.broken(name, `"${cell}" should be true or false.`)
    return cell === 'true'
  }

  line(): number {
    const cell = this.filled('line')
    const line = cell === undefined ? this.row.line : Number(cell)
    if (!Number.isSafeInteger(line)) throw this.broken('line', `"${cell ?? ''}" should be a whole number.`)
    return line
  }

  time(otherwise: number): number {
    const cell = this.filled('time')
    const at = cell === undefined ? otherwise : readIsoTime(cell)
    if (at === undefined)
      throw this.broken('time', `"${cell ?? ''}" is no time; write it like 2026-11-24T12:30:00Z.`)
    return at
  }

  source(): LabelSource | undefined {
    const cell = this.filled('source')
    const source = LABEL_SOURCES.find((each) => each === cell)
    if (cell !== undefined && source === undefined)
      throw this.broken('source', `"${cell}" should be one of ${LABEL_SOURCES.join(', ')}.`)
    return source
  }

  suggestion(into: Import): Suggestion | undefined {
    const names = this.columns.probabilities.filter((name) => this.filled(name) !== undefined)
    const model = this.filled('suggestion_model')
    if (model === undefined && names.length === 0) return undefined
    const probabilities = names.map((name) => {
      const value = Number(this.row.cell(name))
      if (!(value >= 0 && value <= 1))
        throw this.broken(name, `"${this.row.cell(name)}" should be a probability from 0 to 1, with a point.`)
      return [into.probabilityKey(name.slice(PROBABILITY.length)), value] as const
    })
    return {
      probabilities: Object.fromEntries(probabilities),
      model: model ?? '',
      weights: this.row.cell('suggestion_weights'),
      weightsSha256: this.row.cell('suggestion_weights_sha256'),
    }
  }

  /** The columns of the file that the text came from. */
  other(): Readonly<Record<string, string>> | undefined {
    const { ofFile, hasItemColumns } = this.columns
    const written = ofFile.map(([column, name]) => [name, this.row.cell(column)] as const)
    if (!hasItemColumns) return written.length > 0 ? Object.fromEntries(written) : undefined
    const cell = this.filled(ITEM_COLUMNS)
    if (cell === undefined) return undefined
    const names = parseJson(cell)
    if (!isList(names))
      throw this.broken(ITEM_COLUMNS, 'a list of names in square brackets should stand here.')
    return Object.fromEntries(written.filter(([name]) => names.includes(name)))
  }
}

/** Takes rows one by one; of a text that is in several rows the first one says what it is. */
export class OwnRows {
  #columns: Columns = columnsOf([])

  constructor(readonly into: Import) {}

  take(row: NamedRow): void {
    const { names } = this.#columns
    const isSame =
      names.length === row.names.length && names.every((name, place) => name === row.names[place])
    if (!isSame) this.#columns = columnsOf(row.names)
    takeRow(new OwnRow(row, this.#columns), this.into)
  }
}

function takeRow(own: OwnRow, into: Import): void {
  const { row } = own
  if (row.cell('text').trim() === '')
    throw own.broken('text', 'the text is missing; fill it in or take the row out.')
  const annotator = own.filled('annotator')
  const labelName = own.filled(LABEL_TEXT) ?? own.filled('label')
  const annotation = annotator === undefined && labelName === undefined ? undefined : annotationOf(own, into)
  const [pair, gold, other] = [own.filled('pair'), own.filled('gold'), own.other()]
  const itemId = into.item({
    id: own.filled('id'),
    line: own.line(),
    text: row.cell('text'),
    ...(pair !== undefined && { pair }),
    ...(gold !== undefined && { goldId: into.labelId(gold) }),
    ...(other && { other }),
  })
  if (!annotation) return
  into.annotation({
    ...annotation,
    itemId,
    ...(labelName !== undefined && { labelId: into.labelId(labelName) }),
  })
}

function annotationOf(own: OwnRow, into: Import): Omit<Annotation, 'itemId' | 'labelId'> {
  const [source, suggestion] = [own.source(), own.suggestion(into)]
  return {
    annotator: own.filled('annotator') ?? into.defaults.annotator,
    at: own.time(into.defaults.at),
    ...(source && { source }),
    ...(suggestion && { suggestion }),
    isSkipped: own.flag('skipped'),
    isFlagged: own.flag('flagged'),
    note: own.row.cell('note'),
  }
}
