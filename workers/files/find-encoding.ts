/** Finds out how a file's bytes stand for text. */
import type { TextEncoding } from '../../src/files/contract'
import { FileFailure } from './file-failure'
import { beginsAsOwnExport } from './own-export'
import type { PieceReader } from './piece-reader'
import { refuseBinary } from './recognise-bytes'
import { Utf8Scan } from './utf8-scan'

/** Of every second byte, so many are zero in UTF-16 text of mostly Latin letters, and so few of the others. */
const MIN_ZERO_SHARE = 0.4
const MAX_OTHER_ZERO_SHARE = 0.05

/** Sequences of several bytes beyond which a file with broken ones is UTF-8 that was mixed, not another encoding. */
const MIN_MIXED_RATIO = 1

function byMark(head: Uint8Array): TextEncoding | undefined {
  if (head[0] === 0xef && head[1] === 0xbb && head[2] === 0xbf) return 'utf-8'
  if (head[0] === 0xff && head[1] === 0xfe) return 'utf-16le'
  if (head[0] === 0xfe && head[1] === 0xff) return 'utf-16be'
  return undefined
}

function byZeros(head: Uint8Array): TextEncoding | undefined {
  const pairs = head.length >> 1
  let even = 0
  let odd = 0
  for (let at = 0; at < pairs * 2; at += 2) {
    even += Number(head[at] === 0)
    odd += Number(head[at + 1] === 0)
  }
  if (pairs === 0) return undefined
  if (odd > pairs * MIN_ZERO_SHARE && even < pairs * MAX_OTHER_ZERO_SHARE) return 'utf-16le'
  if (even > pairs * MIN_ZERO_SHARE && odd < pairs * MAX_OTHER_ZERO_SHARE) return 'utf-16be'
  return undefined
}

/**
 * The encoding by byte order mark, by the zeros of UTF-16, or by whether all bytes are UTF-8; anything else is taken for
 * windows-1252. Throws FileFailure `encoding` for UTF-8 with bytes of another encoding among it, `binary` for no text.
 */
export async function findEncoding(head: Uint8Array, pieces: PieceReader): Promise<TextEncoding> {
  // A text in an export of ours may be full of zeros and control characters.
  const isOurs = beginsAsOwnExport(head)
  const wide = byMark(head) ?? (isOurs ? undefined : byZeros(head))
  if (wide !== undefined && wide !== 'utf-8') return wide
  if (!isOurs) refuseBinary(head)
  const scan = new Utf8Scan()
  for await (const bytes of pieces.read()) scan.push(bytes)
  const { valid, invalid, line } = scan.end()
  if (invalid === 0) return 'utf-8'
  if (wide === undefined && valid < invalid * MIN_MIXED_RATIO) return 'windows-1252'
  throw new FileFailure(
    'encoding',
    `${invalid} ${invalid === 1 ? 'byte is' : 'bytes are'} not UTF-8, in which the rest is written (${valid} of its characters). Choose an encoding to read it all the same, or mend the file.`,
    { line },
  )
}
