/** What a project's journal is made of: every change of a label is kept, none is overwritten. */
import type { LabelSource, Suggestion } from './annotation'

export type LabelChange =
  | {
      readonly kind: 'label'
      readonly labelId: string
      readonly source: LabelSource
      /** By item id, for the items that had one. */
      readonly suggestions?: Readonly<Record<string, Suggestion>>
    }
  /** Takes the label, or the mark of having been skipped, away. */
  | { readonly kind: 'clear' }
  | { readonly kind: 'skip' }
  | { readonly kind: 'flag'; readonly isFlagged: boolean }
  | { readonly kind: 'note'; readonly note: string }

interface EventOrigin {
  /** Unique; in the order of time when sorted as text, see {@link eventId}. */
  readonly id: string
  /** Milliseconds since 1970. */
  readonly at: number
  readonly annotator: string
}

export interface ChangeEvent extends EventOrigin {
  readonly kind: 'change'
  /** One item, or all that were changed at once and are undone at once. */
  readonly itemIds: readonly string[]
  readonly change: LabelChange
}

/** Takes an earlier change back, or brings it back. */
export interface UndoEvent extends EventOrigin {
  readonly kind: 'undo' | 'redo'
  /** Id of the change. */
  readonly of: string
}

export type LabelEvent = ChangeEvent | UndoEvent

/** Digits of a time in milliseconds, enough until the year 5138. */
const TIME_DIGITS = 14

/** The id of an event of that time. @param unique tells events of the same millisecond and of other tabs apart */
export const eventId = (at: number, unique: string): string =>
  `${String(Math.floor(at)).padStart(TIME_DIGITS, '0')}-${unique}`
