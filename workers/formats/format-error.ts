/** Longest piece of a hostile file that is repeated in a message. */
const MAX_QUOTED_LENGTH = 120

/** A model file breaks its format; the message names the file, the tensor or field, what was expected and what was found. */
export class ModelFormatError extends Error {
  override readonly name = 'ModelFormatError'

  constructor(
    readonly file: string,
    readonly subject: string,
    expected: string,
    found: string,
  ) {
    super(`${file}: ${subject}: expected ${expected}, found ${found}`)
  }
}

/** A name or value out of a file, made safe and short enough for a message. */
export function quoted(value: unknown): string {
  const text = value === undefined ? 'nothing' : JSON.stringify(value)
  return text.length > MAX_QUOTED_LENGTH ? `${text.slice(0, MAX_QUOTED_LENGTH)}…` : text
}
