/**
 * How projects lie in the workspace. Each has a head, and a slot that its other records lie in. The slot `first` is that of
 * the one project there is before a second is made: its records have no prefix, and it has no head before it is changed.
 *
 * | key                   | value                                                              |
 * | --------------------- | ------------------------------------------------------------------ |
 * | `project-head/<slot>` | {@link ProjectHead}                                                |
 * | `project/<slot>/…`    | the records of a project other than the first                      |
 * | `project-draft/<slot>`| when a copy of records was begun that has no head yet              |
 * | `current-project`     | the slot that was open last                                        |
 */
import * as v from 'valibot'
import { DEMONSTRATION_SOURCES, type ProjectHead, type ProjectTask } from '../domain/project'
import { FILE_KEY } from './file-record'
import { RESULTS_KEY } from './results-record'
import { kShotSchema, labelsSchema } from './task-record'
import { TEXT_KEY } from './text-record'

export const FIRST_SLOT = 'first'
export const HEADS = 'project-head/'
export const DRAFTS = 'project-draft/'
export const CURRENT_KEY = 'current-project'

export const headKey = (slot: string): string => HEADS + slot
export const draftKey = (slot: string): string => DRAFTS + slot

/** What the keys of a project's records begin with. */
export const prefixOf = (slot: string): string => (slot === FIRST_SLOT ? '' : `project/${slot}/`)

export interface ShelvedProject {
  /** Where its records lie, see `prefixOf`. */
  readonly slot: string
  readonly head: ProjectHead
}

export const currentSchema = v.object({ version: v.literal(1), slot: v.string() })

export const projectTaskSchema = v.object({
  labels: labelsSchema,
  template: v.string(),
  kShot: v.exactOptional(kShotSchema),
}) satisfies v.GenericSchema<unknown, ProjectTask>

/** Part of a key, so without what divides keys. */
const idSchema = v.pipe(v.string(), v.regex(/^[^/]{1,64}$/), v.notValue(FIRST_SLOT))

export const projectHeadSchema = v.object({
  version: v.literal(1),
  id: idSchema,
  name: v.string(),
  createdAt: v.number(),
  changedAt: v.number(),
  isArchived: v.boolean(),
  task: v.exactOptional(projectTaskSchema),
  guidelines: v.string(),
  demonstrations: v.exactOptional(v.picklist(DEMONSTRATION_SOURCES)),
}) satisfies v.GenericSchema<unknown, ProjectHead>

/** What the keys of a project's records are, or begin with before a `/`; each kind has its schema in `project-records.ts`. */
export const PROJECT_ROOTS: readonly string[] = [TEXT_KEY, FILE_KEY, RESULTS_KEY, 'label', 'compare']

/** Entries that remove all records of a project, its head aside. */
export const noRecords = (slot: string): ReadonlyMap<string, undefined> =>
  new Map(
    slot === FIRST_SLOT
      ? PROJECT_ROOTS.flatMap((root) => [root, `${root}/`]).map((key) => [key, undefined])
      : [[prefixOf(slot), undefined]],
  )
