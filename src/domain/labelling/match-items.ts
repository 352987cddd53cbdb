/** Finds which texts of an import the project has already. */
import { lineKey } from './add-lines'
import type { Annotation, Item } from './annotation'

export interface Matched {
  /** Texts that the project does not have, under ids that it does not have either. */
  readonly newItems: readonly Item[]
  /** All annotations, of the project's and the new texts. */
  readonly annotations: readonly Annotation[]
  /** Annotations that say something else of the same text by the same annotator than another one of the import; the newest is kept. */
  readonly overruled: readonly Annotation[]
  readonly matchedById: number
  readonly matchedByText: number
  /** New texts whose id the project has for another text. */
  readonly renamed: number
}

/**
 * Matches by id where the text is the same too, for ids may be mere numbers, else by text and pair but for letter case
 * and spacing. Texts without an id of their own (`madeIds`) that are the same become one. `newId` gives ids for those texts,
 * and for new ones whose id is taken.
 */
export function matchItems(
  existing: readonly Item[],
  imported: {
    readonly items: readonly Item[]
    readonly annotations: readonly Annotation[]
    readonly madeIds: ReadonlySet<string>
  },
  newId: () => string,
): Matched {
  const taken = new Map(existing.map((item) => [item.id, item]))
  const byKey = new Map<string, string>()
  for (const item of existing) if (!byKey.has(lineKey(item))) byKey.set(lineKey(item), item.id)
  const added = new Map<string, string>()
  const ids = new Map<string, string>()
  const newItems: Item[] = []
  const counts = { matchedById: 0, matchedByText: 0, renamed: 0 }
  for (const item of imported.items) {
    const key = lineKey(item)
    const isMade = imported.madeIds.has(item.id)
    const sameId = isMade ? undefined : taken.get(item.id)
    const sameText = byKey.get(key) ?? (isMade ? added.get(key) : undefined)
    if (sameId && lineKey(sameId) === key) {
      counts.matchedById += 1
      ids.set(item.id, item.id)
    } else if (sameText !== undefined) {
      counts.matchedByText += 1
      ids.set(item.id, sameText)
    } else {
      if (sameId) counts.renamed += 1
      const id = isMade || sameId ? newId() : item.id
      const fresh = { ...item, id }
      newItems.push(fresh)
      taken.set(id, fresh)
      if (!added.has(key)) added.set(key, id)
      ids.set(item.id, id)
    }
  }
  return { newItems, ...withIds(imported.annotations, ids), ...counts }
}

function withIds(annotations: readonly Annotation[], ids: ReadonlyMap<string, string>) {
  const kept = new Map<string, Annotation>()
  const overruled: Annotation[] = []
  for (const annotation of annotations) {
    const itemId = ids.get(annotation.itemId)
    if (itemId === undefined) continue
    const moved = { ...annotation, itemId }
    const key = JSON.stringify([itemId, annotation.annotator])
    const before = kept.get(key)
    if (before && before.at > moved.at) overruled.push(moved)
    else {
      if (before) overruled.push(before)
      kept.set(key, moved)
    }
  }
  return { annotations: [...kept.values()], overruled }
}
