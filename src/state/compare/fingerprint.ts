import type { Fingerprint } from '../../domain/evaluation/report/report'
import type { Line } from '../../domain/lines'
import type { Demonstration } from '../../domain/task'
import { inTurns, type Turns } from '../turns'

/** So many characters are joined at a time. */
const PIECE_CHARACTERS = 65_536

const bytesOf = async (hashed: BufferSource): Promise<Uint8Array> =>
  new Uint8Array(await crypto.subtle.digest('SHA-256', hashed))

/** The SHA-256 of a text in UTF-8, in base64, as a Content-Security-Policy names it. */
export const sha256InBase64 = async (text: string): Promise<string> =>
  btoa(String.fromCharCode(...(await bytesOf(new TextEncoder().encode(text)))))

/** The SHA-256 of items in their order, in hexadecimal: of each as JSON with a line feed behind it, in UTF-8. */
async function sha256Of(items: Iterable<unknown>, turns: Turns): Promise<string> {
  const pieces: Uint8Array<ArrayBuffer>[] = []
  const encoder = new TextEncoder()
  let text = ''
  const collect = function* () {
    for (const item of items) {
      text += `${JSON.stringify(item)}\n`
      if (text.length >= PIECE_CHARACTERS) {
        pieces.push(encoder.encode(text))
        text = ''
      }
      yield
    }
  }
  await inTurns(collect(), turns)
  pieces.push(encoder.encode(text))
  const whole = new Uint8Array(pieces.reduce((bytes, { length }) => bytes + length, 0))
  let end = 0
  for (const piece of pieces) {
    whole.set(piece, end)
    end += piece.length
  }
  return Array.from(await bytesOf(whole), (byte) => byte.toString(16).padStart(2, '0')).join('')
}

const mapped = function* <T>(items: Iterable<T>, itemOf: (item: T) => unknown) {
  for (const item of items) yield itemOf(item)
}

/** Of the texts and their pairs, each as `["text"]` or `["text", "pair"]`. */
export const fingerprintOfTexts = async (lines: readonly Line[], turns: Turns): Promise<Fingerprint> => ({
  count: lines.length,
  sha256: await sha256Of(
    mapped(lines, ({ text, pair }) => (pair === undefined ? [text] : [text, pair])),
    turns,
  ),
})

/** Of the gold labels of all texts, each its id or `null`; counted are those that have one. */
export const fingerprintOfGold = async (lines: readonly Line[], turns: Turns): Promise<Fingerprint> => ({
  count: lines.filter(({ goldId }) => goldId !== undefined).length,
  sha256: await sha256Of(
    mapped(lines, ({ goldId }) => goldId ?? null),
    turns,
  ),
})

/** Of demonstrations, each as `["text", "label"]`. */
export const fingerprintOfPool = async (
  pool: readonly Demonstration[],
  turns: Turns,
): Promise<Fingerprint> => ({
  count: pool.length,
  sha256: await sha256Of(
    mapped(pool, ({ text, labelId }) => [text, labelId]),
    turns,
  ),
})
