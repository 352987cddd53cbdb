/** Points in time as ISO 8601 writes them, without a clock. */

const DAY_MS = 86_400_000
/** Days from 0000-03-01 to 1970-01-01, and in the 400 years after which the calendar repeats. */
const DAYS_BEFORE_1970 = 719_468
const ERA_DAYS = 146_097

const padded = (value: number, digits = 2): string => String(value).padStart(digits, '0')

/** Source: H. Hinnant, "chrono-compatible low-level date algorithms", `civil_from_days`. */
function civilDate(daysSince1970: number) {
  const days = daysSince1970 + DAYS_BEFORE_1970
  const era = Math.floor(days / ERA_DAYS)
  const ofEra = days - era * ERA_DAYS
  const year = Math.floor(
    (ofEra - Math.floor(ofEra / 1460) + Math.floor(ofEra / 36_524) - Math.floor(ofEra / 146_096)) / 365,
  )
  const ofYear = ofEra - (365 * year + Math.floor(year / 4) - Math.floor(year / 100))
  const shifted = Math.floor((5 * ofYear + 2) / 153)
  const day = ofYear - Math.floor((153 * shifted + 2) / 5) + 1
  const month = shifted < 10 ? shifted + 3 : shifted - 9
  return { year: year + era * 400 + (month <= 2 ? 1 : 0), month, day }
}

/** Source: as above, `days_from_civil`. */
function daysSince1970(year: number, month: number, day: number): number {
  const shiftedYear = month <= 2 ? year - 1 : year
  const era = Math.floor(shiftedYear / 400)
  const ofEra = shiftedYear - era * 400
  const ofYear = Math.floor((153 * (month > 2 ? month - 3 : month + 9) + 2) / 5) + day - 1
  const days = ofEra * 365 + Math.floor(ofEra / 4) - Math.floor(ofEra / 100) + ofYear
  return era * ERA_DAYS + days - DAYS_BEFORE_1970
}

/** Milliseconds since 1970 as `2026-11-24T12:30:00.000Z`. */
export function isoTime(at: number): string {
  const days = Math.floor(at / DAY_MS)
  const { year, month, day } = civilDate(days)
  const ms = at - days * DAY_MS
  const years =
    year >= 0 && year <= 9999 ? padded(year, 4) : `${year < 0 ? '-' : '+'}${padded(Math.abs(year), 6)}`
  const [hours, minutes, seconds] = [ms / 3_600_000, (ms / 60_000) % 60, (ms / 1000) % 60].map(Math.floor)
  const time = `${padded(hours ?? 0)}:${padded(minutes ?? 0)}:${padded(seconds ?? 0)}.${padded(Math.floor(ms % 1000), 3)}`
  return `${years}-${padded(month)}-${padded(day)}T${time}Z`
}

const ISO =
  /^([+-]\d{6}|\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d)(?:[.,](\d{1,9}))?)?\s*(Z|[+-]\d\d:?\d\d)?)?$/i

/** Milliseconds since 1970 of a point in time in ISO 8601, or undefined; without an offset it is taken for UTC. */
export function readIsoTime(text: string): number | undefined {
  const found = ISO.exec(text.trim())
  if (!found) return undefined
  const parts: readonly (string | undefined)[] = found
  const [, year, month, day, hours, minutes, seconds] = parts.map((part) => Number(part ?? 0))
  const [fraction = '', zone = 'Z'] = found.slice(7)
  const date = daysSince1970(year ?? 0, month ?? 0, day ?? 0)
  const back = civilDate(date)
  if (back.month !== month || back.day !== day || (hours ?? 0) > 24 || (minutes ?? 0) > 59) return undefined
  const milliseconds = Number(fraction.padEnd(3, '0').slice(0, 3))
  const offset = zone.toUpperCase() === 'Z' ? 0 : offsetMinutes(zone)
  const clock = (hours ?? 0) * 3600 + ((minutes ?? 0) - offset) * 60 + (seconds ?? 0)
  return date * DAY_MS + clock * 1000 + milliseconds
}

function offsetMinutes(zone: string): number {
  const digits = zone.replace(':', '')
  const minutes = Number(digits.slice(1, 3)) * 60 + Number(digits.slice(3))
  return digits.startsWith('-') ? -minutes : minutes
}
