/** A run may be done in several goes, some of them days later and by another version of the page. */

/** Rows that follow each other and were scored under the same rules. */
export interface RunPart {
  readonly rows: number
  /** The rule by which texts were put into batches, on which their probabilities depend a little. */
  readonly batching: string
  readonly threads: number
  readonly backend: string
  /** The name of the graphics device, on WebGPU. */
  readonly device?: string
  /** Why it did not run on the backend that was asked for, as a sentence. */
  readonly fallback?: string
  readonly numberFormat: string
  /** See {@link weightsHash}; empty where the run was stored before it was noted. */
  readonly weightsSha256: string
}

/**
 * What tells whether two rows were scored with the very same weights: the SHA-256 of the file of the base, and behind a
 * plus that of the adapter in use. `hashes` are by the name of an adapter, or `base`.
 */
export function weightsHash(hashes: Readonly<Record<string, string>>, adapter: string | undefined): string {
  const used = adapter === undefined ? ['base'] : ['base', adapter]
  return used.map((name) => hashes[name] ?? '').join('+')
}

/** The parts with one more go at their end, joined to the last where its rules are the same. */
export function withPart(parts: readonly RunPart[], part: RunPart): readonly RunPart[] {
  const last = parts.at(-1)
  if (part.rows === 0) return parts
  if (!last || !isSame(last, part)) return [...parts, part]
  return [...parts.slice(0, -1), { ...last, rows: last.rows + part.rows }]
}

const RULES = [
  'batching',
  'threads',
  'backend',
  'device',
  'fallback',
  'numberFormat',
  'weightsSha256',
] as const satisfies readonly (keyof RunPart)[]

const isSame = (a: RunPart, b: RunPart): boolean => RULES.every((rule) => a[rule] === b[rule])

/** The rule of an engine that ran out of memory before. */
export const ONE_TEXT_AT_A_TIME = 'one text at a time, because memory ran short'

/** The part that the row of this index belongs to; undefined behind the last. */
export function partAt(parts: readonly RunPart[], index: number): RunPart | undefined {
  let end = 0
  return parts.find(({ rows }) => index < (end += rows))
}

/** What all rows have in common, e.g. their batching rule, or which rows had which. */
export function toldOf(parts: readonly RunPart[], fact: 'batching' | 'backend'): string {
  const different = new Set(parts.map((part) => part[fact]))
  if (different.size < 2) return parts[0]?.[fact] ?? ''
  let before = 0
  const told = parts.map((part) => {
    const first = before + 1
    before += part.rows
    return `rows ${first} to ${before}: ${part[fact]}`
  })
  return told.join('; ')
}
