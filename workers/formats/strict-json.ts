import { ModelFormatError, quoted } from './format-error'

/** Model files nest three or four levels deep; a limit keeps a hostile file from exhausting a recursive reader. */
const MAX_DEPTH = 64

const QUOTE = 0x22
const BACKSLASH = 0x5c
const COLON = 0x3a
const OPEN_OBJECT = 0x7b
const CLOSE_OBJECT = 0x7d
const OPEN_ARRAY = 0x5b
const CLOSE_ARRAY = 0x5d

/**
 * Parses UTF-8 JSON as hostile input: linear time, bounded depth, and no repeated or `__proto__` keys, which
 * `JSON.parse` would let through with one of the values lost.
 */
export function parseStrictJson(bytes: Uint8Array, file: string, subject: string): unknown {
  const text = decodeUtf8(bytes, file, subject)
  checkStructure(text, file, subject)
  try {
    return JSON.parse(text)
  } catch (error) {
    throw new ModelFormatError(
      file,
      subject,
      'valid JSON',
      error instanceof Error ? error.message : 'an error',
    )
  }
}

function decodeUtf8(bytes: Uint8Array, file: string, subject: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    throw new ModelFormatError(file, subject, 'UTF-8 text', 'bytes that are not UTF-8')
  }
}

/** One pass over brackets and strings; anything else that is wrong is left for `JSON.parse` to refuse. */
function checkStructure(text: string, file: string, subject: string): void {
  // The keys seen so far of each open object; null for an open array.
  const open: (Set<string> | null)[] = []
  let position = 0
  while (position < text.length) {
    const code = text.charCodeAt(position)
    if (code === QUOTE) {
      const end = endOfString(text, position)
      const next = skipSpace(text, end)
      const keys = open.at(-1)
      if (keys && text.charCodeAt(next) === COLON) {
        const key = parseKey(text.slice(position, end), file, subject)
        if (key === '__proto__')
          throw new ModelFormatError(file, subject, 'plain field names', 'the key "__proto__"')
        if (keys.has(key))
          throw new ModelFormatError(file, subject, 'each key once', `the key ${quoted(key)} twice`)
        keys.add(key)
      }
      position = next
      continue
    }
    if (code === OPEN_OBJECT) open.push(new Set())
    else if (code === OPEN_ARRAY) open.push(null)
    else if (code === CLOSE_OBJECT || code === CLOSE_ARRAY) open.pop()
    if (open.length > MAX_DEPTH)
      throw new ModelFormatError(file, subject, `at most ${MAX_DEPTH} levels of nesting`, 'more')
    position += 1
  }
}

/** Position after the closing quote, or the end of the text when there is none. */
function endOfString(text: string, start: number): number {
  let position = start + 1
  while (position < text.length) {
    const code = text.charCodeAt(position)
    if (code === QUOTE) return position + 1
    position += code === BACKSLASH ? 2 : 1
  }
  return text.length
}

function skipSpace(text: string, start: number): number {
  let position = start
  while (position < text.length && ' \t\n\r'.includes(text.charAt(position))) position += 1
  return position
}

/** Escapes count: `"a"` and `"\u0061"` are the same key. */
function parseKey(literal: string, file: string, subject: string): string {
  if (!literal.includes('\\')) return literal.slice(1, -1)
  try {
    return String(JSON.parse(literal))
  } catch {
    throw new ModelFormatError(file, subject, 'valid JSON', `the key ${quoted(literal)}`)
  }
}
