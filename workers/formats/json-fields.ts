import { ModelFormatError, quoted } from './format-error'
import { parseStrictJson } from './strict-json'

/** Names, templates and label words are short; longer ones are a damaged or hostile file. */
const MAX_TEXT_LENGTH = 4096

interface NumberRule {
  readonly min: number
  readonly max: number
  /** Taken when the field is missing or null; without it the field is required. */
  readonly fallback?: number
}

/** Reads the fields of a JSON object, each with its type and bounds; `null` counts as missing, as in published configs. */
export class JsonFields {
  constructor(
    private readonly file: string,
    private readonly path: string,
    private readonly entries: ReadonlyMap<string, unknown>,
  ) {}

  static parse(bytes: Uint8Array, file: string): JsonFields {
    return JsonFields.from(parseStrictJson(bytes, file, 'content'), file, '')
  }

  static from(value: unknown, file: string, path: string): JsonFields {
    if (typeof value !== 'object' || value === null || Array.isArray(value))
      throw new ModelFormatError(file, path ? `field "${path}"` : 'content', 'a JSON object', quoted(value))
    return new JsonFields(file, path, new Map<string, unknown>(Object.entries(value)))
  }

  get names(): readonly string[] {
    return [...this.entries.keys()]
  }

  has(name: string): boolean {
    return this.value(name) !== undefined
  }

  /** The field's value, `undefined` when missing or null. */
  value(name: string): unknown {
    return this.entries.get(name) ?? undefined
  }

  /** An error that names this file and field. */
  error(name: string, expected: string, found = quoted(this.value(name))): ModelFormatError {
    return new ModelFormatError(this.file, `field "${this.pathOf(name)}"`, expected, found)
  }

  integer(name: string, rule: NumberRule): number {
    const value = this.value(name) ?? rule.fallback
    if (typeof value !== 'number' || !Number.isInteger(value) || value < rule.min || value > rule.max)
      throw this.error(name, `an integer from ${rule.min} to ${rule.max}`)
    return value
  }

  number(name: string, rule: NumberRule): number {
    const value = this.value(name) ?? rule.fallback
    if (typeof value !== 'number' || !(value >= rule.min && value <= rule.max))
      throw this.error(name, `a number from ${rule.min} to ${rule.max}`)
    return value
  }

  boolean(name: string, fallback: boolean): boolean {
    const value = this.value(name) ?? fallback
    if (typeof value !== 'boolean') throw this.error(name, 'true or false')
    return value
  }

  /** A text of at least one character; `fallback` when missing. */
  text(name: string, fallback?: string): string {
    const value = this.value(name) ?? fallback
    if (typeof value !== 'string' || value === '' || value.length > MAX_TEXT_LENGTH)
      throw this.error(name, `a text of 1 to ${MAX_TEXT_LENGTH} characters`)
    return value
  }

  list(name: string, maxItems: number): readonly unknown[] {
    const value = this.value(name)
    if (!Array.isArray(value) || value.length > maxItems)
      throw this.error(
        name,
        `a list of at most ${maxItems} items`,
        Array.isArray(value) ? `${value.length} items` : quoted(value),
      )
    return value
  }

  texts(name: string, maxItems: number): readonly string[] {
    return this.list(name, maxItems).map((item) => {
      if (typeof item !== 'string' || item.length > MAX_TEXT_LENGTH)
        throw this.error(name, 'a list of texts', quoted(item))
      return item
    })
  }

  fields(name: string): JsonFields {
    return JsonFields.from(this.value(name), this.file, this.pathOf(name))
  }

  fieldsList(name: string, maxItems: number): readonly JsonFields[] {
    return this.list(name, maxItems).map((item, index) =>
      JsonFields.from(item, this.file, `${this.pathOf(name)}[${index}]`),
    )
  }

  private pathOf(name: string): string {
    const short = quoted(name).slice(1, -1)
    return this.path ? `${this.path}.${short}` : short
  }
}
