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
import { COMPARE_KEY, comparisonSchema } from './compare-record'
import { FILE_KEY, fileHeadSchema, filePageSchema } from './file-record'
import { linesSchema, RESULTS_KEY, resultsHeadSchema, scoresSchema } from './results-record'
import { kShotSchema, labelsSchema } from './task-record'
import { TEXT_KEY, textSchema } from './text-record'

export const FIRST_SLOT = 'first'
export const HEADS = 'project-head/'
export const DRAFTS = 'project-draft/'
export const CURRENT_KEY = 'current-project'

export const headKey = (slot: string): string => HEADS + slot
export const draftKey = (slot: string): string => DRAFTS + slot

/** What the keys of a project's records begin with. */
export const prefixOf = (slot: string): string => (slot === FIRST_SLOT ? '' : `project/${slot}/`)

export const currentSchema = v.object({ version: v.literal(1), slot: v.string() })

const projectTaskSchema = v.object({
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

/** All records that a project may have, by their keys without its prefix. A new kind of record is added here, or it is in no copy. */
const RECORDS: readonly { readonly key: RegExp; readonly schema: v.GenericSchema }[] = [
  { key: /^text$/, schema: textSchema },
  { key: /^file$/, schema: fileHeadSchema },
  { key: /^file\/\d+$/, schema: filePageSchema },
  { key: /^results$/, schema: resultsHeadSchema },
  { key: /^results\/lines\/\d+$/, schema: linesSchema },
  { key: /^results\/scores\/\d+$/, schema: scoresSchema },
  { key: /^compare$/, schema: comparisonSchema },
  { key: /^compare\/run\/[^/]+\/results$/, schema: resultsHeadSchema },
  { key: /^compare\/run\/[^/]+\/results\/lines\/\d+$/, schema: linesSchema },
  { key: /^compare\/run\/[^/]+\/results\/scores\/\d+$/, schema: scoresSchema },
]

/** What those keys are, or begin with before a `/`. */
export const PROJECT_ROOTS: readonly string[] = [TEXT_KEY, FILE_KEY, RESULTS_KEY, COMPARE_KEY]

/** The schema of a project's record; undefined for a key that no project has. */
export const schemaOf = (key: string): v.GenericSchema | undefined =>
  RECORDS.find((record) => record.key.test(key))?.schema

/** Entries that remove all records of a project, its head aside. */
export const noRecords = (slot: string): ReadonlyMap<string, undefined> =>
  new Map(
    slot === FIRST_SLOT
      ? PROJECT_ROOTS.flatMap((root) => [root, `${root}/`]).map((key) => [key, undefined])
      : [[prefixOf(slot), undefined]],
  )
