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

/** What the columns of a table follow from, found item by item and annotation by annotation. */
export class TableContents {
  readonly #fileNames = new Set<string>()
  readonly #probabilityNames = new Set<string>()
  #first: Item | undefined
  #isEven = true
  hasPair = false
  hasGold = false

  noteItem(item: Item): void {
    const { pair, goldId, other } = item
    this.#first ??= item
    if (pair !== undefined) this.hasPair = true
    if (goldId !== undefined) this.hasGold = true
    const [names, before] = [other && Object.keys(other), this.#first.other && Object.keys(this.#first.other)]
    if (names) for (const name of names) this.#fileNames.add(name)
    if (names ? !before || !sameNames(names, before) : before) this.#isEven = false
  }

  noteAnnotation({ suggestion }: Annotation): void {
    if (suggestion) for (const name of Object.keys(suggestion.probabilities)) this.#probabilityNames.add(name)
  }

  /** Columns of the files that the items came from, and which item has which where they differ. */
  get fileColumns(): readonly LabelledColumn[] {
    const columns = [...this.#fileNames].map((name): LabelledColumn => ({
      name: columnOfFile(name),
      valueOf: ({ other }) => (other && Object.hasOwn(other, name) ? other[name] : undefined),
    }))
    // An item without columns and one with a list of none differ.
    if (this.#isEven && !(this.#first?.other && columns.length === 0)) return columns
    const own = ({ other }: Item) => (other ? JSON.stringify(Object.keys(other)) : undefined)
    return [{ name: ITEM_COLUMNS, valueOf: own }, ...columns]
  }

  /** The names of all labels that suggestions give a probability, those of the project first. */
  probabilityNames(labelIds: readonly string[]): readonly string[] {
    const known = labelIds.filter((id) => this.#probabilityNames.has(id))
    return [...new Set([...known, ...this.#probabilityNames])]
  }
}

/** All columns that a table of these contents needs, ours first; `labelColumns` is how a format writes labels. */
function labelledColumns(
  contents: TableContents,
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
    ...(contents.hasPair ? [{ name: 'pair', valueOf: ({ pair }: Item) => pair }] : []),
    ...(contents.hasGold ? [{ name: 'gold', valueOf: ({ goldId }: Item) => goldId }] : []),
    ...labelColumns,
    { name: 'annotator', valueOf: (_, annotation) => annotation?.annotator },
    { name: 'time', valueOf: (_, annotation) => annotation && isoTime(annotation.at) },
    { name: 'source', valueOf: (_, annotation) => annotation?.source },
    { name: 'skipped', valueOf: (_, annotation) => annotation?.isSkipped },
    { name: 'flagged', valueOf: (_, annotation) => annotation?.isFlagged },
    { name: 'note', valueOf: (_, annotation) => annotation?.note },
    ...contents.probabilityNames(labelIds).map(probability),
    { name: 'suggestion_model', valueOf: (_, annotation) => annotation?.suggestion?.model },
    { name: 'suggestion_weights', valueOf: (_, annotation) => annotation?.suggestion?.weights },
    { name: 'suggestion_weights_sha256', valueOf: (_, annotation) => annotation?.suggestion?.weightsSha256 },
    ...contents.fileColumns,
  ]
}

/** So much is looked at before an empty piece lets others have their turn. */
const AT_ONCE = 2000

/** Annotations by the item they are of, in the order given; yields empty pieces meanwhile. */
export function* byItem(
  annotations: readonly Annotation[],
): Generator<string, ReadonlyMap<string, readonly Annotation[]>> {
  const found = new Map<string, Annotation[]>()
  for (const [place, annotation] of annotations.entries()) {
    const before = found.get(annotation.itemId)
    if (before) before.push(annotation)
    else found.set(annotation.itemId, [annotation])
    if (place % AT_ONCE === 0) yield ''
  }
  return found
}

/**
 * A table piece by piece: what `head` makes of the columns, then each row as `line` writes it. Annotations of other items are
 * left out.
 */
export function* writeRows(
  items: readonly Item[],
  annotations: readonly Annotation[],
  labelIds: readonly string[],
  labelColumns: readonly LabelledColumn[],
  head: (columns: readonly LabelledColumn[]) => string,
  line: (columns: readonly LabelledColumn[], item: Item, annotation: Annotation | undefined) => string,
): Generator<string> {
  const contents = new TableContents()
  for (const [place, item] of items.entries()) {
    contents.noteItem(item)
    if (place % AT_ONCE === 0) yield ''
  }
  for (const [place, annotation] of annotations.entries()) {
    contents.noteAnnotation(annotation)
    if (place % AT_ONCE === 0) yield ''
  }
  const ofItem = yield* byItem(annotations)
  const columns = labelledColumns(contents, labelIds, labelColumns)
  yield head(columns)
  for (const item of items) {
    const found = ofItem.get(item.id) ?? []
    if (found.length === 0) yield line(columns, item, undefined)
    for (const annotation of found) yield line(columns, item, annotation)
  }
}
