import * as v from 'valibot'

export const ADAPTERS_KEY = 'adapters'

/** Which stored adapters are put on which models, so that they come back with them. */
export const adaptersSchema = v.object({
  version: v.literal(1),
  puts: v.array(
    v.object({
      /** The id of the base model. */
      model: v.string(),
      /** The id of the stored adapter. */
      stored: v.string(),
      /** How runs name it; no other adapter of the model has the same. */
      name: v.string(),
    }),
  ),
})
export type AdaptersRecord = v.InferOutput<typeof adaptersSchema>
export type Put = AdaptersRecord['puts'][number]
