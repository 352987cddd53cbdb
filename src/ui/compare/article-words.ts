import { TRAINING_COSTS } from '../../samples/known-models'

/** What training a model took, e.g. `about 2 hours on 2 processor cores (base, adapter and their teachers)`; undefined where that is not known. */
export function trainingWords(model: string): string | undefined {
  const cost = TRAINING_COSTS[model]
  return cost && `${cost.time} on ${cost.device} (${cost.of})`
}

/** The day of a time in milliseconds since 1970, e.g. `2026-10-01`. */
export const dayWords = (at: number): string => new Date(at).toISOString().slice(0, 10)
