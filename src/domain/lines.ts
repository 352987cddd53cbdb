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

/** So many lines are split at a time, so that whoever has more to do gets its turn in between. */
const PIECE_LINES = 1000

/** The lines that are not empty, however they end (CR LF, LF or CR), piece by piece; a byte order mark is dropped. */
export function* linePieces(text: string): Generator<readonly Line[]> {
  let piece: Line[] = []
  let number = 0
  let start = text.startsWith('\uFEFF') ? 1 : 0
  const take = (end: number): void => {
    number += 1
    const line = text.slice(start, end).trim()
    if (line !== '') piece.push({ line: number, text: line })
  }
  for (const { index, 0: ending } of text.matchAll(/\r\n|\n|\r/g)) {
    take(index)
    start = index + ending.length
    if (number % PIECE_LINES === 0) {
      yield piece
      piece = []
    }
  }
  take(text.length)
  yield piece
}

/** The lines of {@link linePieces} at once. */
export const splitLines = (text: string): readonly Line[] => [...linePieces(text)].flat()

const LARGE_CHARACTERS = 100_000
const LARGE_LINES = 1000

/** Whether a text is more than a browser's text box lays out without holding the page up. */
export function isLargeText(text: string): boolean {
  if (text.length > LARGE_CHARACTERS) return true
  let lines = 1
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) lines += 1
  return lines > LARGE_LINES
}

/** What differs between two texts, as a word; undefined where they are the same. */
export function changeOfLines(before: readonly Line[], now: readonly Line[]): 'text' | 'columns' | undefined {
  if (before === now) return undefined
  if (before.length !== now.length) return 'text'
  let hasOtherColumns = false
  for (const [place, line] of now.entries()) {
    const earlier = before[place]
    if (line.text !== earlier?.text || line.pair !== earlier.pair) return 'text'
    hasOtherColumns ||= line.goldId !== earlier.goldId || !areSame(line.other, earlier.other)
  }
  return hasOtherColumns ? 'columns' : undefined
}

function areSame(one: Line['other'] = {}, other: Line['other'] = {}): boolean {
  const names = Object.keys(one)
  return (
    names.length === Object.keys(other).length &&
    names.every((name) => Object.hasOwn(other, name) && one[name] === other[name])
  )
}
