/** Labels and formats as they are stored, with a run and with a project. */
import * as v from 'valibot'
import type { LabelSet } from '../domain/label'
import type { KShotFormat } from '../domain/task'

const labelSchema = v.object({ id: v.string(), words: v.string(), aliases: v.array(v.string()) })

export const labelsSchema = v.pipe(v.array(labelSchema), v.minLength(2)) satisfies v.GenericSchema<
  unknown,
  LabelSet
>

export const kShotSchema = v.object({
  demonstration: v.string(),
  separator: v.string(),
  query: v.string(),
}) satisfies v.GenericSchema<unknown, KShotFormat>
