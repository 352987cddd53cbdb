/** A line of the user's text, or a row of a file, that holds something. */
export interface Line {
  /** Counted from 1 over all lines, empty ones included; for a file, the line on which the row begins or its number. */
  readonly line: number
  /** Without the space around it. */
  readonly text: string
  /** A second text that belongs to it, where a file has one; never empty. */
  readonly pair?: string
  /** {@link Label.id} of the gold label, where a file has one. */
  readonly goldId?: string
  /** The columns of a file besides text and pair, as they were written; absent for lines that were typed. */
  readonly other?: Readonly<Record<string, string>>
}

/** The lines that are not empty, however they end (CR LF, LF or CR); a byte order mark at the start is dropped. */
export function splitLines(text: string): readonly Line[] {
  return text
    .replace(/^\uFEFF/, '')
    .split(/\r\n|\n|\r/)
    .map((line, index) => ({ line: index + 1, text: line.trim() }))
    .filter((line) => line.text !== '')
}
