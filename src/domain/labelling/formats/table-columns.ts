/** The columns of a table of labelled texts: one row per annotation, and one for each text that has none. */
import type { Annotation, Item } from '../annotation'
import { isoTime } from '../iso-time'

export type Cell = string | number | boolean

export interface LabelledColumn {
  readonly name: string
  /** Undefined where the cell is empty. */
  readonly valueOf: (item: Item, annotation: Annotation | undefined) => Cell | undefined
}

/** Before the id of a label: the probability that the suggestion gave it. */
export const PROBABILITY = 'p_'
/** A list of the names of the file's columns that the row has; there only where rows differ in them. */
export const ITEM_COLUMNS = 'item_columns'
/** Says that texts were changed so that no spreadsheet runs them. */
export const SPREADSHEET_SAFE = 'spreadsheet_safe'
/** The name of the label beside its number. */
export const LABEL_TEXT = 'label_text'

const ALWAYS = ['id', 'line', 'text', 'label', 'annotator', 'time', 'source', 'skipped', 'flagged', 'note']
const SUGGESTION = ['suggestion_model', 'suggestion_weights', 'suggestion_weights_sha256']
const OWN = new Set([...ALWAYS, ...SUGGESTION, 'pair', 'gold', LABEL_TEXT, ITEM_COLUMNS, SPREADSHEET_SAFE])

const isOwn = (name: string): boolean => OWN.has(name) || name.startsWith(PROBABILITY)

const FILE = 'file:'
const bare = (name: string): string => name.replace(/^(?:file:)+/, '')

/** The name under which a column of a file is written: `file:` goes before it where it would be taken for one of ours. */
export const columnOfFile = (name: string): string => (isOwn(bare(name)) ? FILE + name : name)

/** What {@link columnOfFile} was given, or undefined for a column of ours. */
export function fileColumn(written: string): string | undefined {
  if (isOwn(written)) return undefined
  return written.startsWith(FILE) && isOwn(bare(written)) ? written.slice(FILE.length) : written
}

/** Whether a table with these columns is one that this page wrote. */
export const isOwnTable = (names: readonly string[]): boolean => ALWAYS.every((name) => names.includes(name))

const sameNames = (one: readonly string[], other: readonly string[]): boolean =>
  one.length === other.length && one.every((name) => other.includes(name))

function columnsOfFiles(items: readonly Item[]): LabelledColumn[] {
  const names = new Set<string>()
  const [first] = items
  let isEven = true
  for (const { other } of items) {
    for (const name of Object.keys(other ?? {})) names.add(name)
    if (other !== first?.other)
      isEven &&=
        Boolean(other && first?.other) && sameNames(Object.keys(other ?? {}), Object.keys(first?.other ?? {}))
  }
  // An item without columns and one with a list of none differ.
  if (first?.other && names.size === 0) isEven = false
  const columns = [...names].map((name): LabelledColumn => ({
    name: columnOfFile(name),
    valueOf: ({ other }) => (other && Object.hasOwn(other, name) ? other[name] : undefined),
  }))
  if (isEven) return columns
  const own = ({ other }: Item) => (other ? JSON.stringify(Object.keys(other)) : undefined)
  return [{ name: ITEM_COLUMNS, valueOf: own }, ...columns]
}

/** The names of all labels that suggestions give a probability. */
function probabilityNames(
  annotations: readonly Annotation[],
  labelIds: readonly string[],
): readonly string[] {
  const names = new Set<string>()
  for (const { suggestion } of annotations)
    if (suggestion) for (const name of Object.keys(suggestion.probabilities)) names.add(name)
  const known = labelIds.filter((id) => names.has(id))
  return [...new Set([...known, ...names])]
}

/** All columns that these items and annotations need, ours first; `labelColumns` is how a format writes labels. */
export function labelledColumns(
  items: readonly Item[],
  annotations: readonly Annotation[],
  labelIds: readonly string[],
  labelColumns: readonly LabelledColumn[],
): readonly LabelledColumn[] {
  const probability = (name: string): LabelledColumn => ({
    name: PROBABILITY + name,
    valueOf: (_, annotation) => {
      const probabilities = annotation?.suggestion?.probabilities ?? {}
      return Object.hasOwn(probabilities, name) ? probabilities[name] : undefined
    },
  })
  return [
    { name: 'id', valueOf: ({ id }) => id },
    { name: 'line', valueOf: ({ line }) => line },
    { name: 'text', valueOf: ({ text }) => text },
    ...(items.some(({ pair }) => pair !== undefined)
      ? [{ name: 'pair', valueOf: ({ pair }: Item) => pair }]
      : []),
    ...(items.some(({ goldId }) => goldId !== undefined)
      ? [{ name: 'gold', valueOf: ({ goldId }: Item) => goldId }]
      : []),
    ...labelColumns,
    { name: 'annotator', valueOf: (_, annotation) => annotation?.annotator },
    { name: 'time', valueOf: (_, annotation) => annotation && isoTime(annotation.at) },
    { name: 'source', valueOf: (_, annotation) => annotation?.source },
    { name: 'skipped', valueOf: (_, annotation) => annotation?.isSkipped },
    { name: 'flagged', valueOf: (_, annotation) => annotation?.isFlagged },
    { name: 'note', valueOf: (_, annotation) => annotation?.note },
    ...probabilityNames(annotations, labelIds).map(probability),
    { name: 'suggestion_model', valueOf: (_, annotation) => annotation?.suggestion?.model },
    { name: 'suggestion_weights', valueOf: (_, annotation) => annotation?.suggestion?.weights },
    { name: 'suggestion_weights_sha256', valueOf: (_, annotation) => annotation?.suggestion?.weightsSha256 },
    ...columnsOfFiles(items),
  ]
}

/** Annotations by the item they are of, in the order given. */
export function byItem(annotations: readonly Annotation[]): ReadonlyMap<string, readonly Annotation[]> {
  const found = new Map<string, Annotation[]>()
  for (const annotation of annotations) {
    const before = found.get(annotation.itemId)
    if (before) before.push(annotation)
    else found.set(annotation.itemId, [annotation])
  }
  return found
}

/** The rows of the table; annotations of other items are left out. */
export function* labelledRows(
  items: readonly Item[],
  annotations: readonly Annotation[],
): Generator<readonly [Item, Annotation | undefined]> {
  const ofItem = byItem(annotations)
  for (const item of items) {
    const found = ofItem.get(item.id) ?? []
    if (found.length === 0) yield [item, undefined]
    for (const annotation of found) yield [item, annotation]
  }
}
