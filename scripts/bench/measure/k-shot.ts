import type { Mode } from '../../../src/domain/task'
import { DEMONSTRATIONS } from '../../../src/samples/demonstrations'
import { withWorker } from '../chromium'
import { figure, type Figure } from '../figure'
import { ratios } from '../statistics'
import type { Bench, Subject } from '../subject'
import { elapsed, rounds } from './rounds'

const seed = 13
const shots: readonly { readonly k: number; readonly policy: 'balanced' | 'similar' }[] = [
  { k: 1, policy: 'balanced' },
  { k: 2, policy: 'balanced' },
  { k: 4, policy: 'balanced' },
  { k: 4, policy: 'similar' },
]

/** What demonstrations cost, beside how much longer they make the prompt. */
export async function measureKShot(bench: Bench, { name, model, numberFormat }: Subject): Promise<Figure[]> {
  const { browser, address, texts, repeats, threads, say } = bench
  say(`${name}: k-shot`)
  return withWorker(browser, address, async (worker) => {
    const request = { parts: ['ours'] as const, model, numberFormat, threads }
    await worker.evaluate((asked) => globalThis.bench.load(asked), request)
    const modes: readonly Mode[] = [
      { kind: 'zero-shot' },
      ...shots.map((shot): Mode => ({ kind: 'k-shot', ...shot, seed, pool: DEMONSTRATIONS })),
    ]
    const contestants = modes.map((mode) => ({ kind: 'ours', mode }) as const)
    await rounds(worker, contestants, texts.slice(0, 8), 1)
    const [zeroShot = [], ...kShot] = await rounds(worker, contestants, texts, repeats)
    return shots.flatMap(({ k, policy }, i) => {
      const timings = kShot[i] ?? []
      const tokens = timings.map((timing) => timing.tokens)
      const what = `${k}-shot, ${policy}`
      return [
        figure(
          name,
          `${what}: prompt length against zero-shot`,
          '×',
          ratios(
            tokens,
            zeroShot.map((each) => each.tokens),
          ),
        ),
        figure(name, `${what}: time against zero-shot`, '×', ratios(elapsed(timings), elapsed(zeroShot))),
      ]
    })
  })
}
