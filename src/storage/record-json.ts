/**
 * Records as JSON and back, exactly. What JSON has no form for is an object with one key that begins with `$`; an object's
 * own keys that begin so get a `$` more.
 */

/** Made in the order of this machine, which is little-endian wherever browsers run. */
const ARRAYS = {
  Float64Array,
  Float32Array,
  Uint32Array,
  Uint16Array,
  Uint8Array,
  Int32Array,
} as const
type ArrayName = keyof typeof ARRAYS

const NUMBERS: ReadonlyMap<string, number> = new Map([
  ['NaN', NaN],
  ['Infinity', Infinity],
  ['-Infinity', -Infinity],
  ['-0', -0],
])

/** By its name, for what comes out of storage may be of another realm than the page's own. */
function arrayNameOf(value: object): ArrayName | undefined {
  const name = Object.prototype.toString.call(value).slice(8, -1)
  return isArrayName(name) ? name : undefined
}
const isArrayName = (name: string): name is ArrayName => Object.hasOwn(ARRAYS, name)

/** A record as JSON in one line. Throws a TypeError for what no record holds, such as a function or a map. */
export const recordToJson = (record: unknown): string => JSON.stringify(encoded(record))

/** The record that {@link recordToJson} made this of. Throws a SyntaxError for anything else. */
export const recordFromJson = (json: string): unknown => decoded(JSON.parse(json))

function encoded(value: unknown): unknown {
  if (typeof value === 'number') {
    const isPlain = Number.isFinite(value) && !Object.is(value, -0)
    return isPlain ? value : { $number: Object.is(value, -0) ? '-0' : String(value) }
  }
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return value
  if (Array.isArray(value)) return value.map(encoded)
  if (typeof value !== 'object') throw new TypeError(`A record cannot hold a ${typeof value}.`)
  const name = arrayNameOf(value)
  if (name !== undefined && ArrayBuffer.isView(value))
    return { [`$${name}`]: toBase64(new Uint8Array(value.buffer, value.byteOffset, value.byteLength)) }
  if (Object.prototype.toString.call(value) !== '[object Object]')
    throw new TypeError(`A record cannot hold ${Object.prototype.toString.call(value)}.`)
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, each]: [string, unknown]) =>
      each === undefined ? [] : [[key.startsWith('$') ? `$${key}` : key, encoded(each)]],
    ),
  )
}

function decoded(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return value.map(decoded)
  const entries: [string, unknown][] = Object.entries(value)
  const [[key, only] = ['', undefined], ...others] = entries
  if (key.startsWith('$') && !key.startsWith('$$')) {
    if (others.length > 0 || typeof only !== 'string')
      throw new SyntaxError(`${key} is not as it was written.`)
    return special(key.slice(1), only)
  }
  return Object.fromEntries(
    entries.map(([name, each]) => [name.startsWith('$$') ? name.slice(1) : name, decoded(each)]),
  )
}

function special(name: string, text: string): unknown {
  if (name === 'number') {
    const number = NUMBERS.get(text)
    if (number === undefined) throw new SyntaxError(`${text} is no number.`)
    return number
  }
  if (!isArrayName(name)) throw new SyntaxError(`$${name} is not known.`)
  const bytes = fromBase64(text)
  const Made = ARRAYS[name]
  if (bytes.byteLength % Made.BYTES_PER_ELEMENT !== 0) throw new SyntaxError(`A ${name} is cut.`)
  return new Made(bytes.buffer)
}

/** So many bytes become characters at a time: more would be too many arguments. */
const PIECE_BYTES = 0x6000

function toBase64(bytes: Uint8Array): string {
  let text = ''
  for (let start = 0; start < bytes.length; start += PIECE_BYTES)
    text += btoa(String.fromCharCode(...bytes.subarray(start, start + PIECE_BYTES)))
  return text
}

function fromBase64(text: string): Uint8Array<ArrayBuffer> {
  let binary: string
  try {
    binary = atob(text)
  } catch {
    throw new SyntaxError('An array is not in base64.')
  }
  return Uint8Array.from(binary, (character) => character.charCodeAt(0))
}
