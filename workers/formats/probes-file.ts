import { ModelFormatError, quoted } from './format-error'
import { parseStrictJson } from './strict-json'

/** More would make every load on a checked backend slow. */
const MAX_PROBES = 256
const MAX_PROBE_LENGTH = 4096

/** Reads a pack's `probes.json`, a list of texts. Throws ModelFormatError naming the entry. */
export function parseProbesFile(bytes: Uint8Array, file: string): readonly string[] {
  const value = parseStrictJson(bytes, file, 'content')
  if (!Array.isArray(value) || value.length === 0 || value.length > MAX_PROBES)
    throw new ModelFormatError(file, 'content', `a list of 1 to ${MAX_PROBES} texts`, quoted(value))
  return value.map((entry: unknown, i) => {
    if (typeof entry === 'string' && entry !== '' && entry.length <= MAX_PROBE_LENGTH) return entry
    throw new ModelFormatError(
      file,
      `entry ${i}`,
      `a text of 1 to ${MAX_PROBE_LENGTH} characters`,
      quoted(entry),
    )
  })
}
