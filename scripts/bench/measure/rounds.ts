import type { Worker } from '@playwright/test'
import type { Contestant, Timing } from '../contract'
import { rotated } from '../statistics'

/** Times contestants on all texts for some rounds, beginning with another each round: [contestant][round]. */
export async function rounds(
  worker: Worker,
  contestants: readonly Contestant[],
  texts: readonly string[],
  count: number,
): Promise<Timing[][]> {
  const timings = contestants.map((): Timing[] => [])
  const places = contestants.map((contestant, place) => ({ contestant, place }))
  for (let round = 0; round < count; round += 1)
    for (const { contestant, place } of rotated(places, round)) {
      const request = { contestant, texts }
      const timing = await worker.evaluate((asked) => bench.timeAll(asked.contestant, asked.texts), request)
      timings[place]?.push(timing)
    }
  return timings
}

export const elapsed = (timings: readonly Timing[] | undefined): number[] =>
  (timings ?? []).map(({ elapsedMs }) => elapsedMs)
