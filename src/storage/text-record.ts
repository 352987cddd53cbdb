import * as v from 'valibot'

export const TEXT_KEY = 'text'

export const textSchema = v.object({ version: v.literal(1), text: v.string() })

export type TextRecord = v.InferOutput<typeof textSchema>
