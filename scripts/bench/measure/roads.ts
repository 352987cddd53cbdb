import { withWorker } from '../chromium'
import { figure, type Figure } from '../figure'
import { ratios, rotated } from '../statistics'
import type { Bench, Subject } from '../subject'
import { peakOf } from './memory'

const megabyte = 1e6

/**
 * Loading and memory of one model in every way that it can be published. The ways take turns in every round, and each is
 * compared with the first.
 */
export async function measureRoads(bench: Bench, roads: readonly Subject[]): Promise<Figure[]> {
  const { browser, address, repeats, threads, say } = bench
  const [first] = roads
  if (!first) return []
  say(`${first.name} and the others: loading`)
  const times = new Map(roads.map((road) => [road, [] as number[]]))
  for (let round = 0; round < repeats; round += 1)
    for (const road of rotated(roads, round)) {
      const { model, numberFormat } = road
      const request = { parts: ['ours'] as const, model, numberFormat, threads }
      const { loadMs } = await withWorker(browser, address, (worker) =>
        worker.evaluate((asked) => globalThis.bench.load(asked), request),
      )
      times.get(road)?.push(...loadMs)
    }
  const ofFirst = times.get(first) ?? []
  const figures: Figure[] = []
  for (const [road, samples] of times) {
    say(`${road.name}: memory`)
    figures.push(figure(road.name, 'loading', 'ms', samples))
    if (road !== first)
      figures.push(figure(road.name, `against ${first.name}`, '×', ratios(samples, ofFirst)))
    const memory = await peakOf(bench, road, 'ours')
    if (!memory) continue
    const { peakBytes, emptyBytes, weightsBytes } = memory
    figures.push(figure(road.name, 'weights in their files', 'MB', [weightsBytes / megabyte]))
    figures.push(figure(road.name, 'memory above an empty page', 'MB', [(peakBytes - emptyBytes) / megabyte]))
  }
  return figures
}
