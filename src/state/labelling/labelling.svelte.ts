import type { Annotation, Item, LabelSource, Suggestion } from '../../domain/labelling/annotation'
import type { LabelChange } from '../../domain/labelling/label-event'
import { isOf, isToDo, nextWanted, type ItemFilter } from '../../domain/labelling/queue'
import type { LabelSet } from '../../domain/label'
import type { Line } from '../../domain/lines'
import type { FilesClient } from '../../files/files-client'
import {
  DEFAULT_LABEL_SETUP,
  LABEL_SETUP_KEY,
  labelSetupSchema,
  type LabelSetupRecord,
} from '../../storage/label-record'
import { FileImport } from '../file-import.svelte'
import { ItemList, type AddedItems } from './item-list.svelte'
import { ItemSelection } from './item-selection.svelte'
import { orderOf } from './item-order'
import { LabelJournal, type EventBody, type JournalSurroundings } from './label-journal.svelte'
import { LabelPace } from './label-pace.svelte'
import { Suggestions, type SuggestionSurroundings } from './suggestions.svelte'

export interface LabellingSurroundings extends JournalSurroundings {
  /** The labels of the project, in display order. */
  readonly labels: () => LabelSet
  /** The same, once they are known. */
  readonly readLabels: () => Promise<LabelSet>
  readonly guidelines: () => string
  readonly files: FilesClient
  readonly suggestions: Omit<SuggestionSurroundings, 'items'>
}

/** Labels that came with a file are those of an annotator of their own. */
export const GOLD = 'gold'

/** `unread` until the Label view is opened first. */
export type LabellingStatus = 'unread' | 'reading' | 'ready' | 'refused'

const NOT_STORED =
  'The browser refused to store this label, so it was not given. Free some room or allow storage for this page, then press the key again.'

/** A project's labelling: where the queue stands, and the verbs that label, each stored before the next item shows. */
export class Labelling {
  readonly #around: LabellingSurroundings
  readonly items: ItemList
  readonly log: LabelJournal
  readonly pace: LabelPace
  readonly suggestions: Suggestions
  readonly fileImport: FileImport
  readonly selection = new ItemSelection()
  #status = $state.raw<LabellingStatus>('unread')
  #setup = $state.raw<LabelSetupRecord>(DEFAULT_LABEL_SETUP)
  #current = $state.raw(-1)
  #filter = $state.raw<ItemFilter>('all')
  #trouble = $state.raw<string>()
  #added = $state.raw<AddedItems>()
  /** Keys are answered one after another: a second one means the item that the first brings up. */
  #work: Promise<void> = Promise.resolve()
  #opening: Promise<void> | undefined

  readonly order: readonly number[] = $derived.by(() =>
    orderOf(this.#setup.order, this.items.all.length, this.#setup.seed, {
      doubt: (place) => this.suggestions.doubtAt(place),
      dispute: (place) => this.suggestions.disputeAt(place),
    }),
  )
  /** Places of the items that the list shows, in the order of the queue. */
  readonly shown: readonly number[] = $derived.by(() =>
    this.#filter === 'all'
      ? this.order
      : this.order.filter((place) => isOf(this.#filter, this.annotationAt(place))),
  )
  /** What the annotator has done so far; `toDo` are neither labelled nor skipped. */
  readonly counts = $derived.by(() => {
    const own = this.log.journal.annotations(this.annotator).filter(({ itemId }) => this.#has(itemId))
    const count = (filter: ItemFilter): number => own.filter((annotation) => isOf(filter, annotation)).length
    const labelled = count('labelled')
    const skipped = count('skipped')
    const all = this.items.all.length
    return { all, labelled, skipped, flagged: count('flagged'), toDo: all - labelled - skipped }
  })

  /** Of the labels that were given with a suggestion in sight, how many are equal to it. */
  readonly taken = $derived.by(() => {
    const seen = this.log.journal
      .annotations(this.annotator)
      .filter(
        ({ labelId, suggestion, source }) => labelId !== undefined && suggestion && source !== 'machine',
      )
    const equal = seen.filter(({ labelId, suggestion }) => suggestion && mostProbable(suggestion) === labelId)
    return { shown: seen.length, equal: equal.length }
  })

  constructor(around: LabellingSurroundings) {
    this.#around = around
    this.items = new ItemList(around)
    this.log = new LabelJournal(around)
    this.pace = new LabelPace(around.clock)
    this.fileImport = new FileImport({
      files: around.files,
      labels: around.readLabels,
      take: ({ lines }) => void this.add(lines),
    })
    this.suggestions = new Suggestions({ ...around.suggestions, items: () => this.items.all })
  }

  get status() {
    return this.#status
  }
  /** What came of adding texts last. */
  get added() {
    return this.#added
  }
  get trouble() {
    return this.#trouble
  }
  get setup() {
    return this.#setup
  }
  get filter() {
    return this.#filter
  }
  get annotator() {
    return this.#setup.annotator
  }
  get labels() {
    return this.#around.labels()
  }
  get guidelines() {
    return this.#around.guidelines()
  }
  /** Place of the item that is looked at; -1 where there is none. */
  get current() {
    return this.#current
  }
  get item(): Item | undefined {
    return this.items.all[this.#current]
  }
  get annotation(): Annotation | undefined {
    return this.annotationAt(this.#current)
  }
  /** What the model says of the item that is looked at; undefined while suggestions are hidden. */
  get suggestion(): Suggestion | undefined {
    return this.isBlind ? undefined : this.suggestions.at(this.#current)
  }
  /** Whoever looks again at what a machine labelled must not see what it said. */
  get isBlind() {
    return this.#setup.isBlind || this.#setup.verifying !== null
  }
  get canUndo() {
    return this.log.journal.undoable(this.annotator) !== undefined
  }
  get canRedo() {
    return this.log.journal.redoable(this.annotator) !== undefined
  }

  annotationAt(place: number): Annotation | undefined {
    const id = this.items.all[place]?.id
    return id === undefined ? undefined : this.log.journal.annotation(id, this.annotator)
  }

  /** Reads what is stored, once. */
  open(): Promise<void> {
    this.#opening ??= this.#open()
    return this.#opening
  }

  async #open(): Promise<void> {
    this.#status = 'reading'
    const { workspace } = this.#around
    const [setup, hasItems, hasEvents] = await Promise.all([
      workspace.read(LABEL_SETUP_KEY, labelSetupSchema),
      this.items.read(),
      this.log.read(),
      this.suggestions.read(),
    ])
    if (setup.value) this.#setup = setup.value
    this.#status = hasItems && hasEvents ? 'ready' : 'refused'
    const { currentId } = this.#setup
    this.#current = (currentId === null ? undefined : this.items.placeOf(currentId)) ?? -1
    if (this.#current < 0) this.next()
  }

  /** Adds texts at the end of the queue, and the labels that they bring. */
  async add(lines: readonly Line[]): Promise<AddedItems> {
    await this.open()
    const before = this.items.all.length
    this.#added = await this.items.addLines(lines)
    if (!this.item) this.next()
    await this.#addGold(this.items.all.slice(before))
    return this.#added
  }

  async #addGold(items: readonly Item[]): Promise<void> {
    if (items.every(({ goldId }) => goldId === undefined)) return
    for (const { id: labelId } of await this.#around.readLabels()) {
      const itemIds = items.filter(({ goldId }) => goldId === labelId).map(({ id }) => id)
      const change = { kind: 'label', labelId, source: 'imported' } as const
      if (itemIds.length > 0) await this.log.record(GOLD, { kind: 'change', itemIds, change })
    }
  }

  /** Changes how the queue is set up. */
  change(changes: Partial<Omit<LabelSetupRecord, 'version'>>): void {
    this.#setup = { ...this.#setup, ...changes }
    void this.#around.workspace.write({ [LABEL_SETUP_KEY]: this.#setup })
  }
  show(filter: ItemFilter): void {
    this.#filter = filter
  }

  /** Labels the item that is looked at, then shows the next one to do. */
  label(labelId: string): Promise<void> {
    return this.#inTurn(async () => {
      await this.#labelCurrent(labelId, 'hand')
    })
  }
  /** Takes the suggestion for the label. */
  accept(): Promise<void> {
    return this.#inTurn(async () => {
      const { suggestion } = this
      const best = suggestion && mostProbable(suggestion)
      if (best !== undefined) await this.#labelCurrent(best, 'accepted')
    })
  }
  skip(): Promise<void> {
    return this.#changeCurrent({ kind: 'skip' }, 'advance')
  }
  clear(): Promise<void> {
    return this.#changeCurrent({ kind: 'clear' }, 'stay')
  }
  flag(): Promise<void> {
    const isFlagged = this.annotation?.isFlagged !== true
    return this.#changeCurrent({ kind: 'flag', isFlagged }, 'stay')
  }
  /** Puts a note on the item at a place, which need not be the one that is looked at any more. */
  note(place: number, note: string): Promise<void> {
    if (note === (this.annotationAt(place)?.note ?? '')) return Promise.resolve()
    return this.changeMany([place], { kind: 'note', note })
  }
  /** Changes many items at once, which is undone at once. */
  changeMany(places: readonly number[], change: LabelChange): Promise<void> {
    return this.#inTurn(async () => {
      const itemIds = places.flatMap((place) => this.items.all[place]?.id ?? [])
      if (itemIds.length > 0) await this.#record({ kind: 'change', itemIds, change })
    })
  }

  undo(): Promise<void> {
    return this.#takeBack('undo')
  }
  redo(): Promise<void> {
    return this.#takeBack('redo')
  }

  /** Shows the next item that is to do; stays when there is none. */
  next(): void {
    // An order by worth begins with what tells most now; another goes on behind the item.
    const from = isByWorth(this.#setup.order) ? -1 : this.#current
    const next = nextWanted(this.order, from, (place) => place !== this.#current && this.#isWanted(place))
    if (next !== undefined) this.go(next)
  }
  /** Shows the item before or behind this one in the list. */
  move(steps: number): void {
    const { shown } = this
    const at = shown.indexOf(this.#current)
    const place = shown[Math.min(shown.length - 1, Math.max(0, at + steps))]
    if (place !== undefined) this.go(place)
  }
  go(place: number): void {
    this.#current = place
    const id = this.items.all[place]?.id
    if (id !== undefined) this.change({ currentId: id })
  }

  /** Runs `work` once everything asked before is done. */
  #inTurn(work: () => Promise<void>): Promise<void> {
    this.#work = this.#work.then(work)
    return this.#work
  }

  async #labelCurrent(labelId: string, source: LabelSource): Promise<void> {
    const { item, suggestion } = this
    if (!item) return
    const suggestions = suggestion && { suggestions: { [item.id]: suggestion } }
    const change: LabelChange = { kind: 'label', labelId, source, ...suggestions }
    if (!(await this.#record({ kind: 'change', itemIds: [item.id], change }))) return
    this.pace.note()
    this.next()
  }

  #changeCurrent(change: LabelChange, then: 'advance' | 'stay'): Promise<void> {
    return this.#inTurn(async () => {
      const { item } = this
      if (!item || !(await this.#record({ kind: 'change', itemIds: [item.id], change }))) return
      if (then === 'advance') this.next()
    })
  }

  #takeBack(kind: 'undo' | 'redo'): Promise<void> {
    return this.#inTurn(async () => {
      const { journal } = this.log
      const change = kind === 'undo' ? journal.undoable(this.annotator) : journal.redoable(this.annotator)
      if (!change || !(await this.#record({ kind, of: change.id }))) return
      const place = this.items.placeOf(change.itemIds[0] ?? '')
      if (place !== undefined) this.go(place)
    })
  }

  async #record(body: EventBody): Promise<boolean> {
    const isStored = await this.log.record(this.annotator, body)
    this.#trouble = isStored ? undefined : NOT_STORED
    return isStored
  }

  #has(itemId: string): boolean {
    return this.items.placeOf(itemId) !== undefined
  }

  #isWanted(place: number): boolean {
    const { verifying } = this.#setup
    const annotation = this.annotationAt(place)
    if (!verifying) return isToDo(annotation)
    return verifying.itemIds.includes(this.items.all[place]?.id ?? '') && annotation?.source === 'machine'
  }
}

/** The label id of the greatest probability. */
export function mostProbable({ probabilities }: Suggestion): string | undefined {
  const [best] = Object.entries(probabilities).toSorted(([, a], [, b]) => b - a)
  return best?.[0]
}

const isByWorth = (order: LabelSetupRecord['order']): boolean => order !== 'file' && order !== 'random'
