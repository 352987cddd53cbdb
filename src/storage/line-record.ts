/** A line as it is stored, with a run's results and with a file's rows. */
import * as v from 'valibot'
import type { Line } from '../domain/lines'

/** Columns may have any name, those of built-in properties among them, which `v.record` would leave out. */
const isOfTexts = (value: unknown): value is Readonly<Record<string, string>> =>
  typeof value === 'object' &&
  value !== null &&
  Object.values(value).every((cell) => typeof cell === 'string')

export const lineSchema = v.object({
  line: v.number(),
  text: v.string(),
  pair: v.exactOptional(v.pipe(v.string(), v.minLength(1))),
  goldId: v.exactOptional(v.string()),
  other: v.exactOptional(v.custom<Readonly<Record<string, string>>>(isOfTexts)),
}) satisfies v.GenericSchema<unknown, Line>
