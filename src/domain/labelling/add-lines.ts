import type { Line } from '../lines'
import { textKey } from '../text-key'
import type { Item } from './annotation'

/** What two rows have in common that are the same to a reader. */
export const lineKey = ({ text, pair = '' }: Pick<Line, 'text' | 'pair'>): string =>
  `${textKey(text)}\u0000${textKey(pair)}`

/**
 * The lines as items of a project, each text and pair once: those which the project has, or which came before, are left
 * out and counted.
 */
export function itemsOf(
  lines: readonly Line[],
  existing: readonly Item[],
  newId: () => string,
): { readonly items: readonly Item[]; readonly duplicates: number } {
  const known = new Set(existing.map(lineKey))
  const items: Item[] = []
  for (const line of lines) {
    const key = lineKey(line)
    if (known.has(key)) continue
    known.add(key)
    items.push({ ...line, id: newId() })
  }
  return { items, duplicates: lines.length - items.length }
}
