import { withWorker } from '../chromium'
import type { Part } from '../contract'
import { figure, type Figure } from '../figure'
import { ratios, rotated } from '../statistics'
import type { Bench, Subject } from '../subject'

/** From nothing to a model that has run once, ONNX Runtime's own start included, in a new worker each time. */
export async function measureLoad(bench: Bench, subject: Subject): Promise<Figure[]> {
  const { browser, address, repeats, threads, say } = bench
  const { name, model, numberFormat, hasPeer } = subject
  say(`${name}: loading`)
  const times: Record<'ours' | 'peer', number[]> = { ours: [], peer: [] }
  const sides: readonly ('ours' | 'peer')[] = hasPeer ? ['ours', 'peer'] : ['ours']
  for (let round = 0; round < repeats; round += 1)
    for (const side of rotated(sides, round)) {
      const parts: readonly Part[] = [side]
      const request = { parts, model, numberFormat, threads }
      const loaded = await withWorker(browser, address, (worker) =>
        worker.evaluate((asked) => globalThis.bench.load(asked), request),
      )
      times[side].push(...loaded.loadMs)
    }
  const ours = figure(name, 'loading, ours', 'ms', times.ours)
  if (!hasPeer) return [ours]
  return [ours, figure(name, 'loading, ours against transformers.js', '×', ratios(times.ours, times.peer))]
}
