import {
  mostProbable,
  type Annotation,
  type Item,
  type LabelSource,
  type Suggestion,
} from '../../domain/labelling/annotation'
import type { LabelChange } from '../../domain/labelling/label-event'
import type { Line } from '../../domain/lines'
import type { LabelSetupRecord } from '../../storage/label-record'
import { FileImport } from '../file-import.svelte'
import { Agreement, ADJUDICATED } from './agreement.svelte'
import { addGold } from './gold-labels'
import { ItemList, type AddedItems } from './item-list.svelte'
import { ItemSelection } from './item-selection.svelte'
import { LabelJournal, type EventBody } from './label-journal.svelte'
import { LabelFiles } from './label-files.svelte'
import type { LabellingSurroundings } from './labelling-surroundings'
import { LabelQueue } from './label-queue.svelte'
import { MachineLabels } from './machine-labels.svelte'
import { LabelSetup } from './label-setup.svelte'
import { LabelTally } from './label-tally.svelte'
import { NOT_STORED } from './not-stored'
import { LabelPace } from './label-pace.svelte'
import { QuickLearner } from './quick-learner.svelte'
import { Suggestions } from './suggestions.svelte'

/** `refused`: the browser would not read what is stored. */
export type LabellingStatus = 'reading' | 'ready' | 'refused'

/** A project's labelling: where the queue stands, and the verbs that label, each stored before the next item shows. */
export class Labelling {
  readonly around: LabellingSurroundings
  readonly items: ItemList
  readonly log: LabelJournal
  readonly pace: LabelPace
  readonly #setup: LabelSetup
  readonly #tally: LabelTally
  readonly queue: LabelQueue
  readonly suggestions: Suggestions
  readonly fileImport: FileImport
  readonly machine: MachineLabels
  readonly learner: QuickLearner
  readonly agreement: Agreement
  readonly files: LabelFiles
  readonly selection = new ItemSelection()
  #status = $state.raw<LabellingStatus>('reading')
  #trouble = $state.raw<string>()
  #added = $state.raw<AddedItems>()
  /** Keys are answered one after another: a second one means the item that the first brings up. */
  #work: Promise<void> = Promise.resolve()
  #opening: Promise<void> | undefined

  constructor(around: LabellingSurroundings) {
    this.around = around
    this.items = new ItemList(around)
    this.log = new LabelJournal(around)
    this.#setup = new LabelSetup(around.workspace)
    this.#tally = new LabelTally({
      annotations: () =>
        this.log.journal.annotations(this.annotator).filter(({ itemId }) => this.#has(itemId)),
      items: () => this.items.all.length,
    })
    this.pace = new LabelPace(around.clock)
    this.fileImport = new FileImport({
      files: around.files,
      labels: around.readLabels,
      take: ({ lines }) => void this.add(lines),
    })
    this.suggestions = new Suggestions({ ...around.suggestions, items: () => this.items.all })
    this.machine = new MachineLabels(this)
    this.learner = new QuickLearner(this, around.learner)
    this.agreement = new Agreement(this)
    this.files = new LabelFiles(this, around.turns)
    this.queue = new LabelQueue({
      items: this.items,
      setup: this.#setup,
      suggestions: this.suggestions,
      learner: this.learner,
      annotationAt: (place) => this.annotationAt(place),
    })
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
    return this.#setup.record
  }
  get annotator() {
    return this.setup.annotator
  }
  get counts() {
    return this.#tally.counts
  }
  get taken() {
    return this.#tally.taken
  }
  get labels() {
    return this.around.labels()
  }
  get guidelines() {
    return this.around.guidelines()
  }
  /** Place of the item that is looked at; -1 where there is none. */
  get current() {
    return this.queue.current
  }
  get item(): Item | undefined {
    return this.items.all[this.queue.current]
  }
  get annotation(): Annotation | undefined {
    return this.shownAt(this.queue.current)
  }
  /** What the model says of the item that is looked at; undefined while suggestions are hidden. */
  get suggestion(): Suggestion | undefined {
    return this.isBlind ? undefined : this.suggestions.at(this.queue.current)
  }
  /** Whoever looks again at what a machine labelled must not see what it said. */
  get isBlind() {
    return this.setup.isBlind || this.setup.verifying !== null
  }
  get canUndo() {
    return this.log.journal.undoable(this.annotator) !== undefined
  }
  get canRedo() {
    return this.log.journal.redoable(this.annotator) !== undefined
  }

  /** What the item is: what was decided, else what the annotator says. */
  readonly finalLabel = (itemId: string): string | undefined => {
    const { journal } = this.log
    return (journal.annotation(itemId, ADJUDICATED) ?? journal.annotation(itemId, this.annotator))?.labelId
  }

  annotationAt(place: number): Annotation | undefined {
    const id = this.items.all[place]?.id
    return id === undefined ? undefined : this.log.journal.annotation(id, this.annotator)
  }

  /** What may be seen of it: whoever looks again at what a machine labelled does not see the label. */
  shownAt(place: number): Annotation | undefined {
    const annotation = this.annotationAt(place)
    if (this.setup.verifying === null || annotation?.source !== 'machine') return annotation
    const { itemId, annotator, at, isSkipped, isFlagged, note } = annotation
    return { itemId, annotator, at, isSkipped, isFlagged, note }
  }

  /** Reads what is stored, once. */
  open(): Promise<void> {
    this.#opening ??= this.#open()
    return this.#opening
  }

  async #open(): Promise<void> {
    const [hasItems, hasEvents] = await Promise.all([
      this.items.read(),
      this.log.read(),
      this.#setup.read(),
      this.suggestions.read(),
    ])
    this.#status = hasItems && hasEvents ? 'ready' : 'refused'
    this.queue.resume()
  }

  /** Adds texts at the end of the queue, and the labels that they bring. */
  async add(lines: readonly Line[]): Promise<AddedItems> {
    await this.open()
    const before = this.items.all.length
    this.#added = await this.items.addLines(lines)
    if (!this.item) this.queue.next()
    await addGold(this.items.all.slice(before), this.around.readLabels, this.log)
    return this.#added
  }

  /** Changes how the queue is set up. */
  change(changes: Partial<Omit<LabelSetupRecord, 'version'>>): void {
    this.#setup.change(changes)
  }

  /** Labels the item that is looked at, then shows the next one to do. */
  label(labelId: string): Promise<void> {
    return this.#inTurn(() => this.#labelCurrent(labelId, 'hand'))
  }
  /** Takes the suggestion for the label. */
  accept(): Promise<void> {
    return this.#inTurn(async () => {
      const { suggestion } = this
      const best = suggestion && mostProbable(suggestion)
      if (best !== undefined && this.labels.some(({ id }) => id === best))
        await this.#labelCurrent(best, 'accepted')
    })
  }
  skip(): Promise<void> {
    return this.#changeCurrent(() => ({ kind: 'skip' }), 'advance')
  }
  clear(): Promise<void> {
    return this.#changeCurrent(() => ({ kind: 'clear' }), 'stay')
  }
  flag(): Promise<void> {
    return this.#changeCurrent(
      () => ({ kind: 'flag', isFlagged: this.annotation?.isFlagged !== true }),
      'stay',
    )
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

  /** Resolves once all keys so far were answered. */
  settled = (): Promise<void> => this.#work
  /** Shows another item, once all keys so far were answered: the next that is to do, so many steps on, or that of a place. */
  next(): Promise<void> {
    return this.#inTurn(() => this.queue.next())
  }
  move(steps: number): Promise<void> {
    return this.#inTurn(() => this.queue.move(steps))
  }
  go(place: number): Promise<void> {
    return this.#inTurn(() => this.queue.go(place))
  }

  /** Resolves once what was asked is stored, and nothing is under way. */
  async leave(): Promise<void> {
    this.fileImport.dismiss()
    await this.suggestions.leave()
    await this.#work
    this.around.channel.close()
  }

  /** Runs `work` once everything asked before is done. */
  #inTurn(work: () => void | Promise<void>): Promise<void> {
    const done = this.#work.then(work)
    this.#work = done.catch(() => undefined)
    return done
  }

  async #labelCurrent(labelId: string, source: LabelSource): Promise<void> {
    const { item, suggestion } = this
    if (!item) return
    const suggestions = suggestion && { suggestions: { [item.id]: suggestion } }
    const change: LabelChange = { kind: 'label', labelId, source, ...suggestions }
    if (!(await this.#record({ kind: 'change', itemIds: [item.id], change }))) return
    this.pace.note()
    this.learner.note()
    this.queue.next()
  }

  #changeCurrent(changeNow: () => LabelChange, then: 'advance' | 'stay'): Promise<void> {
    return this.#inTurn(async () => {
      const { item } = this
      if (!item) return
      const isStored = await this.#record({ kind: 'change', itemIds: [item.id], change: changeNow() })
      if (isStored && then === 'advance') this.queue.next()
    })
  }

  #takeBack(kind: 'undo' | 'redo'): Promise<void> {
    return this.#inTurn(async () => {
      const { journal } = this.log
      const change = kind === 'undo' ? journal.undoable(this.annotator) : journal.redoable(this.annotator)
      if (!change || !(await this.#record({ kind, of: change.id }))) return
      const place = this.items.placeOf(change.itemIds[0] ?? '')
      if (place !== undefined) this.queue.go(place)
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
}
