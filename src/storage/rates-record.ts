import * as v from 'valibot'

export const RATES_KEY = 'rates'

/** How fast this device was at the last run, by model and mode. */
export const ratesSchema = v.object({
  version: v.literal(1),
  rates: v.record(
    v.string(),
    v.object({
      /** Lines that were measured. */
      lines: v.number(),
      msPerWork: v.pipe(v.number(), v.minValue(0)),
    }),
  ),
})

export type RatesRecord = v.InferOutput<typeof ratesSchema>
