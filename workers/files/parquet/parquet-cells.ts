/** Values of parquet as text, exactly: what the decoder would round is taken from it raw. */
import type { ParquetParsers, SchemaElement, SchemaTree } from 'hyparquet'

/** A moment as ISO 8601; what a time finer than milliseconds has beyond them follows. Empty for no time at all. */
function isoTime(milliseconds: number, rest = ''): string {
  const date = new Date(milliseconds)
  if (Number.isNaN(date.getTime())) return ''
  return `${date.toISOString().slice(0, -1)}${rest}Z`
}

/** The same for a count of finer units, of which `perMillisecond` make a millisecond. */
function isoOfUnits(units: bigint, perMillisecond: bigint): string {
  const rest = ((units % perMillisecond) + perMillisecond) % perMillisecond
  const digits = String(rest).padStart(String(perMillisecond).length - 1, '0')
  return isoTime(Number((units - rest) / perMillisecond), rest === 0n ? '' : digits)
}

/** Times and days as text. */
export const parsers: Partial<ParquetParsers> = {
  timestampFromMilliseconds: (milliseconds) => isoTime(Number(milliseconds)),
  timestampFromMicroseconds: (microseconds) => isoOfUnits(microseconds, 1000n),
  timestampFromNanoseconds: (nanoseconds) => isoOfUnits(nanoseconds, 1_000_000n),
  dateFromDays: (days) => isoTime(days * 86_400_000).slice(0, -'T00:00:00.000Z'.length),
}

/** The two's complement number in these bytes, the highest first. */
const integerOf = (bytes: Uint8Array): bigint =>
  BigInt.asIntN(
    bytes.length * 8,
    bytes.reduce((sum, byte) => sum * 256n + BigInt(byte), 0n),
  )

/** An unscaled decimal with its point put in, as a table writes it: `-0.05`. */
function decimalText(unscaled: bigint, scale: number): string {
  const digits = String(unscaled < 0n ? -unscaled : unscaled).padStart(scale + 1, '0')
  const [whole, fraction] = [digits.slice(0, digits.length - scale), digits.slice(digits.length - scale)]
  return `${unscaled < 0n ? '-' : ''}${whole}${scale > 0 ? `.${fraction}` : ''}`
}

/** The shortest number that is the same in single precision: 0.1, not 0.10000000149011612. */
function singleText(value: number): string {
  for (const digits of [6, 7, 8]) {
    const short = Number(value.toPrecision(digits))
    if (Math.fround(short) === value) return String(short)
  }
  return String(value)
}

const timeText = (units: bigint, perMillisecond: bigint): string =>
  isoOfUnits(units, perMillisecond).slice('1970-01-01T'.length, -1)

const UNITS_PER_MILLISECOND = { MILLIS: 1n, MICROS: 1000n, NANOS: 1_000_000n } as const

const isDecimal = ({ converted_type: converted, type, scale = 0 }: SchemaElement): boolean =>
  converted === 'DECIMAL' && type !== 'BYTE_ARRAY' && scale >= 0 && scale <= 38

type ToText = (value: unknown) => unknown

function toTextOf(element: SchemaElement): ToText | undefined {
  const { type, scale = 0, logical_type: logical } = element
  if (isDecimal(element))
    return (value) => {
      if (value instanceof Uint8Array) return decimalText(integerOf(value), scale)
      return typeof value === 'number' || typeof value === 'bigint'
        ? decimalText(BigInt(value), scale)
        : value
    }
  if (type === 'FLOAT') return (value) => (typeof value === 'number' ? singleText(value) : value)
  if (logical?.type === 'TIME') {
    const perMillisecond = UNITS_PER_MILLISECOND[logical.unit]
    return (value) =>
      typeof value === 'number' || typeof value === 'bigint' ? timeText(BigInt(value), perMillisecond) : value
  }
  return undefined
}

/**
 * How columns that are not nested become text, where the decoder's value is not what a table would say. A name that a
 * nested field has too is left out: the two could not be told apart.
 */
export function exactColumns(
  { children }: SchemaTree,
  schema: readonly SchemaElement[],
): ReadonlyMap<string, ToText> {
  const converters = new Map<string, ToText>()
  const isUnique = (name: string) => schema.filter((element) => element.name === name).length === 1
  for (const { element, children: nested } of children) {
    if (nested.length > 0 || element.repetition_type === 'REPEATED' || !isUnique(element.name)) continue
    const toText = toTextOf(element)
    if (toText) converters.set(element.name, toText)
  }
  return converters
}

/** The schema without what makes the decoder turn decimals into floats. */
export const withRawDecimals = (
  schema: readonly SchemaElement[],
  exact: ReadonlyMap<string, ToText>,
): SchemaElement[] =>
  schema.map((element) => {
    if (!isDecimal(element) || !exact.has(element.name)) return element
    const raw = { ...element }
    delete raw.converted_type
    delete raw.logical_type
    return raw
  })
