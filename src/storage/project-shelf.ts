/** The projects of this browser, as they are stored: heads that several tabs may change, and the records below them. */
import { parse } from 'valibot'
import { changedHead, type ProjectChange, type ProjectHead } from '../domain/project'
import {
  CURRENT_KEY,
  currentSchema,
  draftKey,
  DRAFTS,
  FIRST_SLOT,
  headKey,
  HEADS,
  noRecords,
  prefixOf,
  PROJECT_ROOTS,
  projectHeadSchema,
  type ShelvedProject,
} from './project-record'
import type { ProjectRecord } from './project-file'
import type { RecordStore } from './record-store'
import type { Workspace } from './workspace'

/** Few enough to be held in memory where each is a thousand rows, and enough to be quick where each is small. */
const AT_ONCE = 20

/** A copy that was begun so long ago and has no head was cut off. */
const DRAFT_MS = 3_600_000

export class ProjectShelf {
  readonly #store: RecordStore
  readonly #workspace: Workspace
  /** The head of the first project as long as none is stored. */
  readonly #first: ProjectHead

  constructor(store: RecordStore, workspace: Workspace, first: ProjectHead) {
    this.#store = store
    this.#workspace = workspace
    this.#first = first
  }

  /** All projects, at least one; undefined where the browser would not read. */
  async list(): Promise<readonly ShelvedProject[] | undefined> {
    const { records, unread, isRefused } = await this.#workspace.readBelow(HEADS, projectHeadSchema)
    if (isRefused) return undefined
    const projects = [...records].map(([slot, head]) => ({ slot, head }))
    const isFirstImplied = !records.has(FIRST_SLOT) && (projects.length === 0 || unread.includes(FIRST_SLOT))
    return isFirstImplied ? [{ slot: FIRST_SLOT, head: this.#first }, ...projects] : projects
  }

  /** The first project where nothing can be read or stored. */
  get only(): readonly ShelvedProject[] {
    return [{ slot: FIRST_SLOT, head: this.#first }]
  }

  /** The slot that was open last. */
  async current(): Promise<string | undefined> {
    return (await this.#workspace.read(CURRENT_KEY, currentSchema)).value?.slot
  }

  /** Resolves once the next visit begins with that slot, or the browser refused. */
  async remember(slot: string): Promise<void> {
    await this.#workspace.write({ [CURRENT_KEY]: { version: 1, slot } })
  }

  /**
   * Adds a project whose records `fill` puts; nothing of it is there before they all are. Answers what `fill` does, or
   * undefined where the browser refuses or the slot is taken, and then nothing is left of it.
   */
  async add<T>(
    { slot, head }: ShelvedProject,
    at: number,
    fill: (put: (key: string, value: unknown) => Promise<void>) => Promise<T>,
  ): Promise<T | undefined> {
    // Begun first: then either nobody else has the slot, or its head is there to be seen.
    if ((await this.#store.addStrict(new Map([[draftKey(slot), at]]))) !== 'stored') return undefined
    try {
      if ((await this.#store.read(headKey(slot))) !== undefined) {
        await this.#store.writeAll(new Map([[draftKey(slot), undefined]]))
        return undefined
      }
      const filled = await fill((key, value) =>
        this.#store.writeAll(new Map([[prefixOf(slot) + key, value]])),
      )
      await this.storeFirst()
      if ((await this.#store.addStrict(new Map([[headKey(slot), head]]))) === 'stored') {
        await this.#store.writeAll(new Map([[draftKey(slot), undefined]]))
        return filled
      }
    } catch (refusal) {
      await this.#dropDraft(slot)
      if (!(refusal instanceof DOMException)) throw refusal
      return undefined
    }
    await this.#dropDraft(slot)
    return undefined
  }

  /** Changes some of a head and nothing else of it; undefined where the project is gone or the browser refuses. */
  async change(slot: string, change: ProjectChange, at: number): Promise<ProjectHead | undefined> {
    try {
      return await this.#store.change(headKey(slot), (stored) => {
        const head =
          stored === undefined && slot === FIRST_SLOT ? this.#first : parse(projectHeadSchema, stored)
        return changedHead(head, change, at)
      })
    } catch {
      // Also where the head is of another version of this page: it stays as it is.
      return undefined
    }
  }

  /** Removes a project with all its records; answers whether that was done. */
  async remove(slot: string): Promise<boolean> {
    try {
      await this.#store.writeAll(new Map([[headKey(slot), undefined], ...noRecords(slot)]))
      return true
    } catch {
      return false
    }
  }

  /** Removes what a tab may have written below a project that another tab removed. */
  async clear(slot: string): Promise<void> {
    await this.#store.writeAll(noRecords(slot)).catch(() => undefined)
  }

  /** Adds a project with all the records of another. */
  copy(from: string, to: ShelvedProject, at: number): Promise<true | undefined> {
    return this.add<true>(to, at, async (put) => {
      for await (const { key, value } of this.recordsOf(from, await this.keysOf(from))) await put(key, value)
      return true
    })
  }

  /** The keys of all records of a project, without its prefix. Rejects where the browser would not read. */
  async keysOf(slot: string): Promise<readonly string[]> {
    const prefix = prefixOf(slot)
    const keys: string[] = []
    for (const root of PROJECT_ROOTS)
      for (const key of await this.#store.keysBelow(prefix + root)) {
        const own = key.slice(prefix.length)
        if (own === root || own.startsWith(`${root}/`)) keys.push(own)
      }
    return keys
  }

  /** Records of a project by their keys without its prefix, a few at a time. Rejects where the browser would not read. */
  async *recordsOf(slot: string, keys: readonly string[]): AsyncGenerator<ProjectRecord> {
    for (let start = 0; start < keys.length; start += AT_ONCE) {
      const some = keys.slice(start, start + AT_ONCE)
      const values = await this.#store.readAll(some.map((key) => prefixOf(slot) + key))
      for (const [place, key] of some.entries())
        if (values[place] !== undefined) yield { key, value: values[place] }
    }
  }

  /** Stores the head of the first project, as long as it is the only one: a list with others in it must name it. */
  async storeFirst(): Promise<void> {
    if ((await this.#store.keysBelow(HEADS)).length > 0) return
    await this.#store.addStrict(new Map([[headKey(FIRST_SLOT), this.#first]]))
  }

  async #dropDraft(slot: string): Promise<void> {
    await this.#store
      .writeAll(new Map([...noRecords(slot), [draftKey(slot), undefined]]))
      .catch(() => undefined)
  }

  /** Removes what is left of copies that were cut off, by the end of their page for one. */
  async dropDrafts(now: number): Promise<void> {
    try {
      for (const [key, at] of await this.#store.readBelow(DRAFTS)) {
        if (typeof at === 'number' && now - at < DRAFT_MS) continue
        const slot = key.slice(DRAFTS.length)
        const isWhole = (await this.#store.read(headKey(slot))) !== undefined
        if (isWhole) await this.#store.writeAll(new Map([[key, undefined]]))
        else await this.#dropDraft(slot)
      }
    } catch {
      // They are looked at again in the next visit.
    }
  }
}
