import * as v from 'valibot'
import { findLabel } from '../../domain/find-label'
import type { LabelSet } from '../../domain/label'
import { Journal } from '../../domain/labelling/journal'
import {
  eventId,
  type ChangeEvent,
  type LabelEvent,
  type UndoEvent,
} from '../../domain/labelling/label-event'
import { eventEntries, eventSchema, EVENTS_BELOW } from '../../storage/label-record'
import type { Workspace } from '../../storage/workspace'

/** What other tabs of this browser tell each other about one project. */
export interface TabChannel {
  send(message: unknown): void
  /** Calls `listener` with what other tabs send, until the channel is closed. */
  listen(listener: (message: unknown) => void): void
  close(): void
}

type Body<Event extends LabelEvent> = Event extends LabelEvent
  ? Omit<Event, 'id' | 'at' | 'annotator'>
  : never
export type EventBody = Body<ChangeEvent> | Body<UndoEvent>

export interface JournalSurroundings {
  readonly workspace: Workspace
  readonly channel: TabChannel
  /** Milliseconds since 1970. */
  readonly clock: () => number
  readonly newId: () => string
  /** The labels of the project: one that was renamed since it was given is found by its old name. */
  readonly labels: () => LabelSet
}

const messageSchema = v.object({ kind: v.literal('events'), events: v.array(eventSchema) })

interface Log {
  /** In the order of their ids. */
  readonly events: readonly LabelEvent[]
  readonly journal: Journal
}

/**
 * The journal as it lies in storage: an event is stored, and on the disk, before anyone sees what it changes. Events of
 * other tabs come in as they are stored there.
 */
export class LabelJournal {
  readonly #around: JournalSurroundings
  /** A new one whenever something came in, though the journal in it may be the same. */
  #log: Log
  #fromOtherTabs = $state(0)
  /** When each annotator's last event was. */
  readonly #lastAt = new Map<string, number>()
  /** When the last event of this tab was, whoever's it is. */
  #lastHere = 0

  constructor(around: JournalSurroundings) {
    this.#around = around
    this.#log = $state.raw({ events: [], journal: this.#journalOf([]) })
    around.channel.listen((message) => {
      const told = v.safeParse(messageSchema, message)
      if (!told.success) return
      this.#fromOtherTabs += told.output.events.length
      this.#take(told.output.events)
    })
  }

  get journal() {
    return this.#log.journal
  }
  /** All that ever happened, in order. */
  get events() {
    return this.#log.events
  }
  /** Events that another tab added while this one looked on. */
  get fromOtherTabs() {
    return this.#fromOtherTabs
  }

  /** Reads what is stored. Answers false when the browser would not read. */
  async read(): Promise<boolean> {
    const { records, isRefused } = await this.#around.workspace.readBelow(EVENTS_BELOW, eventSchema)
    this.#take([...records.values()])
    return !isRefused
  }

  /** Adds what the annotator does now. Answers false when it could not be stored: then nothing has changed. */
  record(annotator: string, body: EventBody): Promise<boolean> {
    // Two events of one hand or of one tab never share a millisecond, and a clock set back does not reorder them.
    const last = Math.max(this.#lastHere, this.#lastAt.get(annotator) ?? 0)
    const at = Math.max(this.#around.clock(), last + 1)
    this.#lastHere = at
    this.#lastAt.set(annotator, at)
    return this.add([{ id: eventId(at, this.#around.newId()), at, annotator, ...body }])
  }

  /** Adds events of other times and hands, all or none. */
  async add(events: readonly LabelEvent[]): Promise<boolean> {
    if (events.length === 0) return true
    const entries = Object.fromEntries(eventEntries(events))
    if ((await this.#around.workspace.addStrict(entries)) !== 'stored') return false
    this.#take(events)
    this.#around.channel.send({ kind: 'events', events: events.map((event) => ({ version: 1, ...event })) })
    return true
  }

  #journalOf(events: readonly LabelEvent[]): Journal {
    return new Journal(events, (labelId) => findLabel(this.#around.labels(), labelId)?.id ?? labelId)
  }

  #take(taken: readonly LabelEvent[]): void {
    const { journal, events } = this.#log
    const fresh = taken.filter(({ id }) => !journal.has(id))
    if (fresh.length === 0) return
    for (const { annotator, at } of fresh)
      this.#lastAt.set(annotator, Math.max(at, this.#lastAt.get(annotator) ?? 0))
    const last = events.at(-1)?.id ?? ''
    if (fresh.every(({ id }, place) => id > (fresh[place - 1]?.id ?? last))) {
      for (const event of fresh) journal.add(event)
      this.#log = { journal, events: [...events, ...fresh] }
    } else {
      // What comes late may lie before what is there already: then all is told anew.
      const all = inOrder([...events, ...fresh])
      this.#log = { journal: this.#journalOf(all), events: all }
    }
  }
}

const inOrder = (events: readonly LabelEvent[]): LabelEvent[] =>
  events.toSorted((a, b) => (a.id < b.id ? -1 : a.id > b.id ? 1 : 0))
