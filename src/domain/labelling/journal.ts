import type { Annotation } from './annotation'
import type { ChangeEvent, LabelChange, LabelEvent } from './label-event'

/** What one annotator did, in order. */
interface History {
  /** Changes of each item, by its id. */
  readonly ofItem: Map<string, ChangeEvent[]>
  /** Annotations as they stand, by item id. */
  readonly standing: Map<string, Annotation>
  /** Changes that can be undone, the last one first to go. */
  readonly done: ChangeEvent[]
  readonly undone: ChangeEvent[]
}

/**
 * The events of a project and what they come to. Undoing is an event like any other, so that nothing is ever lost and
 * another visit can undo what this one did. Events of one annotator must be added in the order of their ids.
 */
export class Journal {
  readonly #histories = new Map<string, History>()
  readonly #ids = new Set<string>()
  /** Changes that are taken back, by their ids. */
  readonly #takenBack = new Map<string, ChangeEvent>()

  readonly #nameOf: (labelId: string) => string

  /** `nameOf` says what a label is called today: events tell what it was called when it was given. */
  constructor(events: Iterable<LabelEvent> = [], nameOf = (labelId: string): string => labelId) {
    this.#nameOf = nameOf
    for (const event of events) this.add(event)
  }

  get size() {
    return this.#ids.size
  }
  /** Everyone who changed something, in the order of their first change. */
  get annotators(): readonly string[] {
    return [...this.#histories.keys()]
  }

  has(id: string): boolean {
    return this.#ids.has(id)
  }

  /** Takes an event in and answers which items it changed; none when the event is known already. */
  add(event: LabelEvent): readonly string[] {
    if (this.#ids.has(event.id)) return []
    this.#ids.add(event.id)
    const history = this.#historyOf(event.annotator)
    if (event.kind === 'change') {
      history.done.push(event)
      history.undone.length = 0
      for (const itemId of event.itemIds) {
        const changes = history.ofItem.get(itemId)
        if (changes) changes.push(event)
        else history.ofItem.set(itemId, [event])
        settle(history, itemId, change(history.standing.get(itemId), event, itemId))
      }
      return event.itemIds
    }
    const moved = event.kind === 'undo' ? taken(history.done, event.of) : this.#takenBack.get(event.of)
    if (!moved) return []
    if (event.kind === 'undo') {
      history.undone.push(moved)
      this.#takenBack.set(moved.id, moved)
    } else {
      // It is found also where another change has come between since, as one of another tab may.
      taken(history.undone, event.of)
      history.done.push(moved)
      this.#takenBack.delete(moved.id)
    }
    for (const itemId of moved.itemIds) this.#replay(history, itemId)
    return moved.itemIds
  }

  /** What the annotator says of the item now; undefined where that is nothing. */
  annotation(itemId: string, annotator: string): Annotation | undefined {
    const standing = this.#histories.get(annotator)?.standing.get(itemId)
    return standing && this.#named(standing)
  }

  /** All that stands, of all annotators or of one. */
  annotations(annotator?: string): readonly Annotation[] {
    const histories =
      annotator === undefined ? [...this.#histories.values()] : [this.#histories.get(annotator)]
    return histories.flatMap((history) =>
      [...(history?.standing.values() ?? [])].map((standing) => this.#named(standing)),
    )
  }

  /** The change that undoing takes back next. */
  undoable(annotator: string): ChangeEvent | undefined {
    return this.#histories.get(annotator)?.done.at(-1)
  }
  /** The change that redoing brings back next. */
  redoable(annotator: string): ChangeEvent | undefined {
    return this.#histories.get(annotator)?.undone.at(-1)
  }

  #named(standing: Annotation): Annotation {
    const { labelId } = standing
    const name = labelId === undefined ? undefined : this.#nameOf(labelId)
    return name === undefined || name === labelId ? standing : { ...standing, labelId: name }
  }

  #historyOf(annotator: string): History {
    const known = this.#histories.get(annotator)
    if (known) return known
    const fresh: History = { ofItem: new Map(), standing: new Map(), done: [], undone: [] }
    this.#histories.set(annotator, fresh)
    return fresh
  }

  #replay(history: History, itemId: string): void {
    let standing: Annotation | undefined
    for (const event of history.ofItem.get(itemId) ?? [])
      if (!this.#takenBack.has(event.id)) standing = change(standing, event, itemId)
    settle(history, itemId, standing)
  }
}

/** Takes the change of this id out of the list. */
function taken(changes: ChangeEvent[], id: string): ChangeEvent | undefined {
  const place = changes.findLastIndex((change) => change.id === id)
  return place < 0 ? undefined : changes.splice(place, 1)[0]
}

/** An annotation that says nothing is none. */
function settle({ standing }: History, itemId: string, annotation: Annotation | undefined): void {
  const says =
    annotation &&
    (annotation.labelId !== undefined ||
      annotation.isSkipped ||
      annotation.isFlagged ||
      annotation.note !== '')
  if (says) standing.set(itemId, annotation)
  else standing.delete(itemId)
}

function change(before: Annotation | undefined, event: ChangeEvent, itemId: string): Annotation {
  const { at, annotator } = event
  const { isFlagged = false, note = '' } = before ?? {}
  const bare = { itemId, annotator, at, isSkipped: false, isFlagged, note }
  const kept = { ...before, ...bare, isSkipped: before?.isSkipped ?? false }
  const { change: made } = event
  switch (made.kind) {
    case 'label':
      return { ...bare, ...labelled(made, itemId) }
    case 'clear':
      return bare
    case 'skip':
      return { ...bare, isSkipped: true }
    case 'flag':
      return { ...kept, isFlagged: made.isFlagged }
    case 'note':
      return { ...kept, note: made.note }
  }
}

function labelled(
  { labelId, source, suggestions }: Extract<LabelChange, { readonly kind: 'label' }>,
  itemId: string,
): Pick<Annotation, 'labelId' | 'source' | 'suggestion'> {
  const suggestion = suggestions && Object.hasOwn(suggestions, itemId) ? suggestions[itemId] : undefined
  return { labelId, source, ...(suggestion && { suggestion }) }
}
