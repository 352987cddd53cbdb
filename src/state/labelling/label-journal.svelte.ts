import * as v from 'valibot'
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
}

const messageSchema = v.object({ kind: v.literal('events'), events: v.array(eventSchema) })

/**
 * The journal as it lies in storage: an event is stored, and on the disk, before anyone sees what it changes. Events of
 * other tabs come in as they are stored there.
 */
export class LabelJournal {
  readonly #around: JournalSurroundings
  /** In the order of their ids. */
  #events: LabelEvent[] = []
  #journal = new Journal()
  /** Counts what came in, so that whoever looked at the journal looks again. */
  #version = $state(0)
  #fromOtherTabs = $state(0)
  #lastAt = 0

  constructor(around: JournalSurroundings) {
    this.#around = around
    around.channel.listen((message) => {
      const told = v.safeParse(messageSchema, message)
      if (!told.success) return
      this.#fromOtherTabs += told.output.events.length
      this.#take(told.output.events)
    })
  }

  get journal(): Journal {
    void this.#version
    return this.#journal
  }
  /** All that ever happened, in order. */
  get events(): readonly LabelEvent[] {
    void this.#version
    return this.#events
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
    // Two events of one tab never share a millisecond, and a clock that is set back does not reorder them.
    this.#lastAt = Math.max(this.#around.clock(), this.#lastAt + 1)
    const at = this.#lastAt
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

  #take(events: readonly LabelEvent[]): void {
    const fresh = events.filter(({ id }) => !this.#journal.has(id))
    if (fresh.length === 0) return
    const last = this.#events.at(-1)?.id ?? ''
    const isInOrder = fresh.every(({ id }, place) => id > (fresh[place - 1]?.id ?? last))
    this.#events = isInOrder ? [...this.#events, ...fresh] : inOrder([...this.#events, ...fresh])
    // What comes late may lie before what is there already: then all is told anew.
    if (isInOrder) for (const event of fresh) this.#journal.add(event)
    else this.#journal = new Journal(this.#events)
    this.#version += 1
  }
}

const inOrder = (events: readonly LabelEvent[]): LabelEvent[] =>
  events.toSorted((a, b) => (a.id < b.id ? -1 : a.id > b.id ? 1 : 0))
