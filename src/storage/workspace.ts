/** What the page remembers between visits: every record is checked when read, every write is awaited and coalesced. */
import { safeParse, type GenericSchema } from 'valibot'
import type { Added, RecordStore } from './record-store'

/** What was read. */
export interface Stored<T> {
  /** Undefined where there is none, or none that makes sense. */
  readonly value: T | undefined
  /** The browser would not read: what is stored is as it was, and nothing says that it is of no use. */
  readonly isRefused: boolean
}

/** The records that were read below a prefix. */
export interface StoredBelow<T> {
  /** By their keys without the prefix, in the order of the keys. */
  readonly records: ReadonlyMap<string, T>
  /** Keys, without the prefix, of records that do not fit the schema (noted in one sentence); they stay as they are. */
  readonly unread: readonly string[]
  /** The browser would not read: nothing is known of what is stored. */
  readonly isRefused: boolean
}

export interface Workspace {
  /** The record under `key`, without a value when there is none or it does not fit `schema` (noted, never thrown). */
  read<T>(key: string, schema: GenericSchema<unknown, T>): Promise<Stored<T>>
  /** Writes the entries together, as {@link RecordStore.writeAll} does. Resolves to false when they, or others gathered with them, were refused. */
  write(entries: Readonly<Record<string, unknown>>): Promise<boolean>
  /** All records whose keys begin with `prefix`. */
  readBelow<T>(prefix: string, schema: GenericSchema<unknown, T>): Promise<StoredBelow<T>>
  /** Adds new records at once, without waiting for what {@link write} gathers, as {@link RecordStore.addStrict} does; a refusal is noted. */
  addStrict(entries: Readonly<Record<string, unknown>>): Promise<Added>
  /**
   * Puts what `change` makes of the record under `key` in its place at once, as {@link RecordStore.change} does, for records that
   * several tabs write; `change` gets undefined where there is none that fits `schema`. Resolves with what is stored now, or
   * undefined where the browser refused. Such a record is never given to {@link write}.
   */
  change<T>(
    key: string,
    schema: GenericSchema<unknown, T>,
    change: (stored: T | undefined) => T,
  ): Promise<T | undefined>
  /** Resolves once all that was given to {@link write} and {@link change} so far is stored or refused. */
  settled(): Promise<void>
}

/**
 * The records of `workspace` whose keys begin with `prefix`, under their keys without it. `prefix` is empty or ends in `/`,
 * so that deleting below a key stays below it.
 */
export function within(workspace: Workspace, prefix: string): Workspace {
  const under = (entries: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> =>
    Object.fromEntries(Object.entries(entries).map(([key, value]) => [prefix + key, value]))
  return {
    read: (key, schema) => workspace.read(prefix + key, schema),
    write: (entries) => workspace.write(under(entries)),
    readBelow: (below, schema) => workspace.readBelow(prefix + below, schema),
    addStrict: (entries) => workspace.addStrict(under(entries)),
    change: (key, schema, change) => workspace.change(prefix + key, schema, change),
    settled: () => workspace.settled(),
  }
}

/** Of a record that is not there, or makes no sense. */
export const NOTHING: Stored<never> = { value: undefined, isRefused: false }

const REFUSED =
  'This browser refuses to store anything here, so text and results are gone when the page closes.'

const misfit = (key: string): string =>
  `A stored record (${key}) could not be read, perhaps from another version of this page; it was left out.`

/**
 * A workspace over `store`. `onNote` is told in a sentence what was ignored or refused; a sentence is told once.
 * While one write is under way, later ones gather and go together: the last value of a key wins.
 */
export function createWorkspace(store: RecordStore, onNote: (note: string) => void): Workspace {
  const told = new Set<string>()
  const tell = (note: string): void => {
    if (told.has(note)) return
    told.add(note)
    onNote(note)
  }

  let pending = new Map<string, unknown>()
  let writing: Promise<boolean> | undefined
  const changing = new Set<Promise<unknown>>()

  const drain = async (): Promise<boolean> => {
    let isStored = true
    while (pending.size > 0) {
      const batch = pending
      pending = new Map()
      try {
        await store.writeAll(batch)
      } catch {
        isStored = false
        tell(REFUSED)
      }
    }
    writing = undefined
    return isStored
  }

  return {
    async read(key, schema) {
      let stored: unknown
      try {
        stored = await store.read(key)
      } catch {
        tell(REFUSED)
        return { value: undefined, isRefused: true }
      }
      if (stored === undefined) return NOTHING
      const parsed = safeParse(schema, stored)
      if (parsed.success) return { value: parsed.output, isRefused: false }
      tell(misfit(key))
      return NOTHING
    },
    async readBelow<T>(prefix: string, schema: GenericSchema<unknown, T>) {
      const records = new Map<string, T>()
      const unread: string[] = []
      let stored: ReadonlyMap<string, unknown>
      try {
        stored = await store.readBelow(prefix)
      } catch {
        tell(REFUSED)
        return { records, unread, isRefused: true }
      }
      for (const [key, value] of stored) {
        const parsed = safeParse(schema, value)
        if (parsed.success) records.set(key.slice(prefix.length), parsed.output)
        else unread.push(key.slice(prefix.length))
      }
      const [first, ...others] = unread
      if (first !== undefined)
        tell(misfit(others.length > 0 ? `${prefix}, ${unread.length} of them` : prefix + first))
      return { records, unread, isRefused: false }
    },
    async addStrict(entries) {
      const added = await store.addStrict(new Map(Object.entries(entries)))
      if (added === 'refused') tell(REFUSED)
      return added
    },
    async settled() {
      await Promise.all([writing, ...changing])
    },
    async change(key, schema, change) {
      const changed = store.change(key, (stored) => {
        const parsed = stored === undefined ? undefined : safeParse(schema, stored)
        return change(parsed?.success ? parsed.output : undefined)
      })
      changing.add(changed)
      try {
        return await changed
      } catch {
        tell(REFUSED)
        return undefined
      } finally {
        changing.delete(changed)
      }
    },
    write(entries) {
      for (const [key, value] of Object.entries(entries)) {
        // At the end, for what is deleted below a key before must not take with it what is written after.
        pending.delete(key)
        pending.set(key, value)
      }
      writing ??= drain()
      return writing
    },
  }
}
