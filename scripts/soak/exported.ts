import Papa from 'papaparse'

/** A row of an export, as far as two runs have to agree in it. */
export interface ExportedRow {
  readonly line: number
  readonly text: string
  readonly label: string
  /** How far the best label was ahead of the second, 0 to 1. */
  readonly margin: number
}

/** What a text's probability may differ by with the texts it is batched with: twice it decides between two labels. */
const BATCHING_TOLERANCE = 0.01

/** What was not as it has to be, in a sentence. */
export class SoakFailure extends Error {
  override readonly name = 'SoakFailure'
}

/** The rows of an export of the page's. Throws SoakFailure where it is not one. */
export function readExport(csv: string): readonly ExportedRow[] {
  const { data, errors } = Papa.parse<Record<string, string>>(csv.replace(/^\uFEFF/, ''), {
    header: true,
    skipEmptyLines: true,
  })
  if (errors[0]) throw new SoakFailure(`The export is broken: ${errors[0].message}`)
  return data.map(({ line, text = '', label = '', margin }) => ({
    line: Number(line),
    text,
    label,
    margin: Number(margin),
  }))
}

/** Throws SoakFailure unless the rows are the first of `expected`: none lost, doubled, moved or labelled otherwise. */
export function expectFirstOf(expected: readonly ExportedRow[], rows: readonly ExportedRow[]): void {
  if (rows.length > expected.length)
    throw new SoakFailure(`${rows.length} rows were exported, but there are only ${expected.length} lines.`)
  for (const [place, row] of rows.entries()) {
    const other = expected[place]
    if (row.line !== other?.line || row.text !== other.text)
      throw new SoakFailure(`Row ${place + 1} is line ${row.line} "${row.text}", not line ${other?.line}.`)
    const isTie = Math.min(row.margin, other.margin) <= 2 * BATCHING_TOLERANCE
    if (row.label !== other.label && !isTie)
      throw new SoakFailure(`Line ${row.line} is ${row.label}, but ${other.label} without the fault.`)
  }
}

/** Throws SoakFailure unless the rows are all of `expected`. */
export function expectSame(expected: readonly ExportedRow[], rows: readonly ExportedRow[]): void {
  expectFirstOf(expected, rows)
  if (rows.length < expected.length)
    throw new SoakFailure(`Only ${rows.length} of ${expected.length} rows were exported at the end.`)
}
