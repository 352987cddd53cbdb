import { changedHead, inListOrder, type ProjectChange, type ProjectHead } from '../domain/project'
import type { ShelvedProject } from '../storage/project-record'
import type { ProjectShelf } from '../storage/project-shelf'
import type { TabChannel } from './labelling/label-journal.svelte'
import type { Notes } from './notes.svelte'

export interface ProjectListParts {
  readonly shelf: ProjectShelf
  /** Tells the other tabs that heads changed, and hears it from them. */
  readonly channel: TabChannel
  readonly notes: Notes
  /** Milliseconds since 1970. */
  readonly today: () => number
}

/** A project that is open: what is known of it, and what may be changed. */
export interface OpenProject {
  readonly slot: string
  readonly head: ProjectHead
  /** Resolves once the change is stored, or refused and kept for this visit. */
  change(change: ProjectChange): Promise<void>
}

const NOT_STORED =
  'The change to the project could not be stored in this browser: it is gone when the page closes.'

/** The heads of all projects, as this tab and the others change them. */
export class ProjectList {
  readonly #parts: ProjectListParts
  #all = $state.raw<readonly ShelvedProject[]>([])
  readonly #listeners = new Set<() => void>()

  constructor(parts: ProjectListParts, all: readonly ShelvedProject[]) {
    this.#parts = parts
    this.#all = inListOrder(all)
    parts.channel.listen(() => void this.refresh())
  }

  /** By name, archived ones last; never empty. */
  get all() {
    return this.#all
  }
  find(slot: string): ShelvedProject | undefined {
    return this.#all.find((project) => project.slot === slot)
  }

  /** Calls back when another tab changed the list. */
  onChange(listener: () => void): void {
    this.#listeners.add(listener)
  }

  /** Reads all heads anew. */
  async refresh(): Promise<void> {
    const listed = await this.#parts.shelf.list()
    if (!listed) return
    this.#all = inListOrder(listed)
    for (const listener of this.#listeners) listener()
  }

  /** To be called after heads were added or removed. */
  async tell(): Promise<void> {
    await this.refresh()
    this.#parts.channel.send('changed')
  }

  async change(slot: string, change: ProjectChange): Promise<void> {
    const { shelf, channel, notes, today } = this.#parts
    const at = today()
    const stored = await shelf.change(slot, change, at)
    // Where another tab removed it there is nothing to change; where the browser refuses, this visit goes on with the change.
    if (!stored) await this.refresh()
    const known = this.find(slot)?.head
    const head = stored ?? (known && changedHead(known, change, at))
    if (!head) return
    this.#all = inListOrder(this.#all.map((project) => (project.slot === slot ? { slot, head } : project)))
    if (stored) channel.send('changed')
    else notes.add(NOT_STORED)
  }

  /** A project of the list, as long as it is in it; after that, as it was last. */
  opened(slot: string): OpenProject {
    let last = this.find(slot)?.head ?? missing(slot)
    const head = () => (last = this.find(slot)?.head ?? last)
    return {
      slot,
      get head() {
        return head()
      },
      change: (change) => this.change(slot, change),
    }
  }
}

function missing(slot: string): never {
  throw new RangeError(`There is no project in the slot ${slot}.`)
}
