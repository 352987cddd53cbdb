/** What is read from a file of labelled texts, gathered row by row: what is fine is kept, what is not is named. */
import { findLabel } from '../../find-label'
import type { LabelSet } from '../../label'
import { textKey } from '../../text-key'
import type { Annotation, Item } from '../annotation'

/** What is wrong with a file, and where. */
export interface FormatTrouble {
  /** Line of the file, from 1. */
  readonly line: number
  /** Field of a table's row, from 1. */
  readonly column?: number
  /** A whole sentence that begins with the place and says what to do. */
  readonly message: string
}

export interface NewLabel {
  /** As the file writes it; annotations carry it as their label id. */
  readonly name: string
  readonly count: number
}

export interface Imported {
  readonly items: readonly Item[]
  /** Those of the items' ids that had to be made because the file has none; they mean nothing outside of this import. */
  readonly madeIds: ReadonlySet<string>
  readonly annotations: readonly Annotation[]
  /** Labels that the project does not have, the most frequent first. */
  readonly newLabels: readonly NewLabel[]
  /** Labels were mere numbers, taken in the order of the project's labels: a guess for a person to look at. */
  readonly areLabelsNumbered: boolean
  /** The first of the rows that could not be read, and how many there are. */
  readonly troubles: readonly FormatTrouble[]
  readonly unreadRows: number
}

/** What stands in for what a file does not say. */
export interface ImportDefaults {
  readonly annotator: string
  /** Milliseconds since 1970. */
  readonly at: number
}

/** Thrown inside a reader for a row that cannot be taken; {@link Import.row} turns it into a trouble. */
export class BrokenRow extends Error {
  /** `sentence` goes on after the place; `field` names a column or key. */
  constructor(
    readonly sentence: string,
    readonly field?: string,
    readonly column?: number,
  ) {
    super(sentence)
  }
}

const MAX_TROUBLES = 100

export function troubleAt(line: number, { sentence, field, column }: BrokenRow): FormatTrouble {
  const named = field === undefined ? '' : ` (${field})`
  const place = column === undefined ? `Line ${line}${named}` : `Line ${line}, column ${column}${named}`
  return { line, ...(column !== undefined && { column }), message: `${place}: ${sentence}` }
}

const keyOf = ({ text, pair = '' }: Pick<Item, 'text' | 'pair'>): string =>
  `${textKey(text)}\u0000${textKey(pair)}`

export class Import {
  readonly #items = new Map<string, Item>()
  readonly #madeIds = new Set<string>()
  readonly #annotations: Annotation[] = []
  readonly #annotators = new Map<string, Set<string>>()
  readonly #newLabels = new Map<string, number>()
  readonly #troubles: FormatTrouble[] = []
  #unreadRows = 0
  areLabelsNumbered = false

  constructor(
    readonly labels: LabelSet,
    readonly defaults: ImportDefaults,
  ) {}

  /** Does the work of one row; when it finds the row broken, nothing of the row is kept but what was added before. */
  row(line: number, work: () => void): void {
    try {
      work()
    } catch (error) {
      if (!(error instanceof BrokenRow)) throw error
      this.trouble(line, error)
    }
  }

  trouble(line: number, broken: BrokenRow): void {
    this.#unreadRows += 1
    if (this.#troubles.length < MAX_TROUBLES) this.#troubles.push(troubleAt(line, broken))
  }

  /** The project's id for a label by any of its names, or the name itself, which is noted as new. */
  labelId(name: string): string {
    const known = this.probabilityKey(name)
    if (known === name && !this.labels.some(({ id }) => id === name))
      this.#newLabels.set(name, (this.#newLabels.get(name) ?? 0) + 1)
    return known
  }

  /** As {@link labelId}, without noting anything. */
  probabilityKey(name: string): string {
    return findLabel(this.labels, name)?.id ?? name
  }

  /**
   * Takes an item and answers the id that it has now: one is made where the file has none, or uses it for another text
   * and `mayRename`. An item that is there already is the same one.
   */
  item(item: Omit<Item, 'id'> & { readonly id: string | undefined }, mayRename = false): string {
    const { id } = item
    const before = id === undefined ? undefined : this.#items.get(id)
    if (id !== undefined && before && keyOf(before) === keyOf(item)) return id
    if (before && !mayRename)
      throw new BrokenRow(
        `the id "${id ?? ''}" belongs to another text above; give each text an id of its own.`,
        'id',
      )
    if (id !== undefined && !before) {
      this.#items.set(id, { ...item, id })
      return id
    }
    const made = this.#madeId(item.line)
    this.#items.set(made, { ...item, id: made })
    this.#madeIds.add(made)
    return made
  }

  #madeId(line: number): string {
    for (let count = 1; ; count += 1) {
      const id = count === 1 ? `line ${line}` : `line ${line} (${count})`
      if (!this.#items.has(id)) return id
    }
  }

  annotation(annotation: Annotation): void {
    const { itemId, annotator } = annotation
    const annotators = this.#annotators.get(itemId) ?? new Set()
    if (annotators.has(annotator))
      throw new BrokenRow(
        `${annotator} said something of this text above already; keep one of the two.`,
        'annotator',
      )
    this.#annotators.set(itemId, annotators.add(annotator))
    this.#annotations.push(annotation)
  }

  /** An annotation that is nothing but a label. */
  label(itemId: string, name: string, more: Partial<Annotation> = {}): void {
    const labelId = this.labelId(name)
    const { annotator, at } = this.defaults
    this.annotation({
      ...{ itemId, annotator, at, labelId, source: 'imported', isSkipped: false, isFlagged: false, note: '' },
      ...more,
    })
  }

  get isEmpty(): boolean {
    return this.#items.size === 0
  }

  get firstTrouble(): FormatTrouble | undefined {
    return this.#troubles[0]
  }

  result(): Imported {
    const newLabels = [...this.#newLabels].map(([name, count]) => ({ name, count }))
    return {
      items: [...this.#items.values()],
      madeIds: this.#madeIds,
      annotations: this.#annotations,
      newLabels: newLabels.sort((a, b) => b.count - a.count),
      areLabelsNumbered: this.areLabelsNumbered,
      troubles: this.#troubles.toSorted((a, b) => a.line - b.line),
      unreadRows: this.#unreadRows,
    }
  }
}
