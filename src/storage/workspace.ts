/** What the page remembers between visits: every record is checked when read, every write is awaited and coalesced. */
import { safeParse, type GenericSchema } from 'valibot'
import type { RecordStore } from './record-store'

/** What was read. */
export interface Stored<T> {
  /** Undefined where there is none, or none that makes sense. */
  readonly value: T | undefined
  /** The browser would not read: what is stored is as it was, and nothing says that it is of no use. */
  readonly isRefused: boolean
}

export interface Workspace {
  /** The record under `key`, without a value when there is none or it does not fit `schema` (noted, never thrown). */
  read<T>(key: string, schema: GenericSchema<unknown, T>): Promise<Stored<T>>
  /** Writes the entries together, as {@link RecordStore.writeAll} does. Resolves to false when they, or others gathered with them, were refused. */
  write(entries: Readonly<Record<string, unknown>>): Promise<boolean>
}

/** Of a record that is not there, or makes no sense. */
export const NOTHING: Stored<never> = { value: undefined, isRefused: false }

const REFUSED =
  'This browser refuses to store anything here, so text and results are gone when the page closes.'

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
      tell(
        `A stored record (${key}) could not be read, perhaps from another version of this page; it was left out.`,
      )
      return NOTHING
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
