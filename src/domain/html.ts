/** HTML as text: whatever is put into it is escaped, unless it is HTML already. */
export class Html {
  readonly #text: string

  constructor(text: string) {
    this.#text = text
  }

  toString(): string {
    return this.#text
  }
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}
/** No HTML may hold them, and a browser would make something else of them. */
const CONTROLS = /[^\P{Cc}\t\n\r]/gu
/** Without an end of theirs, names that set the direction of writing would turn what stands behind them. */
const DIRECTIONS = /[\u202A-\u202E\u2066-\u2069]/g

/** A text that can stand between tags and in a quoted attribute. */
export const escapeHtml = (text: string): string =>
  text
    .replace(CONTROLS, '\uFFFD')
    .replace(DIRECTIONS, '')
    .replace(/[&<>"']/g, (character) => ENTITIES[character] ?? '')

export type Shown = Html | string | number | undefined | readonly Shown[]

function written(value: Shown): string {
  if (value === undefined) return ''
  if (value instanceof Html) return value.toString()
  if (typeof value === 'string' || typeof value === 'number') return escapeHtml(String(value))
  return value.map(written).join('')
}

/** HTML of a template: its own text is taken as it is, all that is filled in is escaped. Attributes are to be quoted. */
export const html = (template: TemplateStringsArray, ...values: readonly Shown[]): Html =>
  new Html(template.map((text, place) => text + written(values[place])).join(''))
