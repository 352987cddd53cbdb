import { NUMBER_FORMATS, type NumberFormat } from '../../src/engine/contract'
import type { JsonFields } from './json-fields'

/** The field `numberFormat`. Throws ModelFormatError where it names no format that we know. */
export function readNumberFormat(fields: JsonFields): NumberFormat {
  const value = fields.value('numberFormat')
  const known = NUMBER_FORMATS.find((format) => format === value)
  if (known === undefined) throw fields.error('numberFormat', `one of ${NUMBER_FORMATS.join(', ')}`)
  return known
}
