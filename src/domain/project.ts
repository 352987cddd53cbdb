/** A project: what its texts are asked, how people are to label them, and what it is called. */
import type { LabelSet } from './label'
import type { KShotFormat } from './task'

/** A task of one's own, for any model that can be asked about labels by their words. */
export interface ProjectTask {
  readonly labels: LabelSet
  /** See `Task.template`. */
  readonly template: string
  /** Left out, it follows from the template (`kShotFrom`). */
  readonly kShot?: KShotFormat
}

/** Where the demonstrations of k-shot prompts come from: written for this page, or labelled in the project. */
export const DEMONSTRATION_SOURCES = ['built-in', 'own'] as const
export type DemonstrationSource = (typeof DEMONSTRATION_SOURCES)[number]

export interface ProjectHead {
  readonly version: 1
  /** The same in every copy that is handed on; another in a duplicate. */
  readonly id: string
  readonly name: string
  /** Milliseconds since 1970. */
  readonly createdAt: number
  readonly changedAt: number
  readonly isArchived: boolean
  /** Left out, each model is asked its own task. */
  readonly task?: ProjectTask
  /** For people who label, as plain text. */
  readonly guidelines: string
  /** Left out, the built-in ones where their labels are the task's. */
  readonly demonstrations?: DemonstrationSource
}

/** What of a head a person may change; a task that is undefined is taken away. */
export type ProjectChange = Partial<
  Pick<ProjectHead, 'name' | 'isArchived' | 'guidelines' | 'demonstrations'>
> & { readonly task?: ProjectTask | undefined }

export const NAME_CHARACTERS = 80

export function newHead(id: string, name: string, at: number): ProjectHead {
  return { version: 1, id, name, createdAt: at, changedAt: at, isArchived: false, guidelines: '' }
}

/** The head with what was changed, and all else as it is. */
export function changedHead(head: ProjectHead, change: ProjectChange, at: number): ProjectHead {
  const { task: before, ...rest } = head
  const { task: after, ...changes } = change
  const task = 'task' in change ? after : before
  return { ...rest, ...changes, ...(task && { task }), changedAt: at }
}

/** What is wrong with a name, as a sentence, or undefined when it can be used. */
export function validateName(name: string): string | undefined {
  if (name.trim() === '') return 'A project needs a name.'
  if (name.trim().length > NAME_CHARACTERS) return `A name may have ${NAME_CHARACTERS} characters at most.`
  return undefined
}

/** `name`, or where that is taken `name 2`, `name 3`, …, with the end cut off where it would be too long. */
export function freeName(name: string, taken: readonly string[]): string {
  for (let number = 1; ; number += 1) {
    const ending = number === 1 ? '' : ` ${number}`
    const free = name.trim().slice(0, NAME_CHARACTERS - ending.length) + ending
    if (!taken.includes(free)) return free
  }
}

/** Projects as they are listed: by name, archived ones last. */
export function inListOrder<T extends { readonly head: ProjectHead }>(projects: readonly T[]): readonly T[] {
  return [...projects].sort(
    (a, b) =>
      Number(a.head.isArchived) - Number(b.head.isArchived) ||
      a.head.name.localeCompare(b.head.name, 'en', { numeric: true }) ||
      a.head.createdAt - b.head.createdAt,
  )
}
