import * as v from 'valibot'

export const SPEEDS_KEY = 'backend speeds'

const milliseconds = v.pipe(v.number(), v.minValue(0))

/** How long a text took on both backends, by model and graphics device. */
export const speedsSchema = v.object({
  version: v.literal(1),
  speeds: v.record(v.string(), v.object({ wasmMs: milliseconds, webgpuMs: milliseconds })),
})

export type SpeedsRecord = v.InferOutput<typeof speedsSchema>
