/** A line of the user's text that holds something. */
export interface Line {
  /** Counted from 1 over all lines, empty ones included. */
  readonly line: number
  /** Without the space around it. */
  readonly text: string
}

/** The lines that are not empty, however they end (CR LF, LF or CR); a byte order mark at the start is dropped. */
export function splitLines(text: string): readonly Line[] {
  return text
    .replace(/^\uFEFF/, '')
    .split(/\r\n|\n|\r/)
    .map((line, index) => ({ line: index + 1, text: line.trim() }))
    .filter((line) => line.text !== '')
}
