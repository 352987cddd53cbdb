import type { TextEncoding } from '../../src/files/contract'
import type { PieceReader } from './piece-reader'

/** A piece of a file's text. */
export interface TextPiece {
  /** Lines end in LF and NUL characters are U+FFFD, as bytes are that the encoding does not know; unless it is `exact`. */
  readonly text: string
  readonly isLast: boolean
}

/**
 * The text of a file, piece by piece, without a byte order mark. The last piece may be empty. With `endByte` the text
 * ends there, in the middle of a line, and no piece is the last. `exact` text keeps its line ends and NUL characters.
 */
export async function* decodeText(
  pieces: PieceReader,
  encoding: TextEncoding,
  endByte = pieces.sizeBytes,
  form: 'normal' | 'exact' = 'normal',
): AsyncGenerator<TextPiece> {
  const decoder = new TextDecoder(encoding)
  const isWhole = endByte >= pieces.sizeBytes
  let isAfterReturn = false
  for await (const bytes of pieces.read(endByte)) {
    const decoded = decoder.decode(bytes, { stream: true })
    if (form === 'exact') {
      yield { text: decoded, isLast: false }
      continue
    }
    const { text, endsInReturn } = normalise(decoded, isAfterReturn)
    isAfterReturn = text === '' ? isAfterReturn : endsInReturn
    yield { text, isLast: false }
  }
  if (isWhole) yield { text: normalise(decoder.decode(), isAfterReturn).text, isLast: true }
}

/** A CR at the end counts as a line end at once; an LF that follows in the next piece belongs to it. */
function normalise(text: string, isAfterReturn: boolean): { text: string; endsInReturn: boolean } {
  const own = isAfterReturn && text.startsWith('\n') ? text.slice(1) : text
  const endsInReturn = text.endsWith('\r')
  const lines = own.includes('\r') ? own.replace(/\r\n?/g, '\n') : own
  return { text: lines.includes('\0') ? lines.replaceAll('\0', '\uFFFD') : lines, endsInReturn }
}
