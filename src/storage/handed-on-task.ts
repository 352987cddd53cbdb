/** A project's task that comes in a link or a saved comparison: from anybody, so only one that the editor would let pass. */
import * as v from 'valibot'
import { taskTroubles } from '../domain/task-troubles'
import { projectTaskSchema } from './project-record'

/** Null where the project has none: each model was asked its own. */
export const handedOnTaskSchema = v.nullable(
  v.pipe(
    projectTaskSchema,
    v.check((task) => taskTroubles(task).length === 0),
  ),
)
export type HandedOnTask = v.InferOutput<typeof handedOnTaskSchema>
