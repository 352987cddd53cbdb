import type { Browser } from '@playwright/test'
import { launchBrowser, withWorker } from '../chromium'
import type { Contestant, Part } from '../contract'
import { figure, type Figure } from '../figure'
import { peakDuring, rendererBytes } from '../renderer-memory'
import type { Bench, Subject } from '../subject'

const megabyte = 1e6
const memoryTexts = 64
const zeroShot: Contestant = { kind: 'ours', mode: { kind: 'zero-shot' } }

interface Memory {
  /** Of the page before anything was loaded. */
  readonly emptyBytes: number
  readonly peakBytes: number
  readonly weightsBytes: number
}

/**
 * Peak PSS of the renderer while a model is loaded and classifies, each side in a browser of its own.
 * @param small a model so small that its memory is that of the runtime; what a larger one adds to it is told too
 */
export async function measureMemory(bench: Bench, subject: Subject, small?: Subject): Promise<Figure[]> {
  const { name, hasPeer } = subject
  bench.say(`${name}: memory`)
  const ours = await peakOf(bench, subject, 'ours')
  if (!ours) return []
  const runtime = small && (await peakOf(bench, small, 'ours'))
  const peer = hasPeer ? await peakOf(bench, subject, 'peer', { kind: 'forward', batch: 16 }) : undefined
  const added = ours.peakBytes - ours.emptyBytes
  return [
    figure(name, 'peak memory of the renderer (PSS), ours', 'MB', [ours.peakBytes / megabyte]),
    figure(name, 'of it above an empty page', 'MB', [added / megabyte]),
    figure(name, 'above an empty page, against the weights', '×', [added / ours.weightsBytes], {
      bound: 'at most',
      value: 2.2,
    }),
    ...(runtime
      ? [
          figure(name, `above what ${small.name} takes, against the weights`, '×', [
            (ours.peakBytes - runtime.peakBytes) / (ours.weightsBytes - runtime.weightsBytes),
          ]),
        ]
      : []),
    ...(peer
      ? [
          figure(name, 'above an empty page, ours against transformers.js', '×', [
            added / (peer.peakBytes - peer.emptyBytes),
          ]),
        ]
      : []),
  ]
}

/** While a model is loaded and classifies some texts, in a browser of its own; undefined where the system tells no memory. */
export async function peakOf(
  { address, texts, threads }: Bench,
  { model, numberFormat }: Subject,
  part: Part,
  contestant: Contestant = zeroShot,
): Promise<Memory | undefined> {
  const browser: Browser = await launchBrowser()
  try {
    return await withWorker(browser, address, async (worker) => {
      const emptyBytes = await rendererBytes(browser)
      let weightsBytes = 0
      const peakBytes = await peakDuring(browser, async () => {
        const request = { parts: [part], model, numberFormat, threads }
        weightsBytes = (await worker.evaluate((asked) => bench.load(asked), request)).weightsBytes
        const some = { contestant, texts: texts.slice(0, memoryTexts) }
        await worker.evaluate((asked) => bench.timeAll(asked.contestant, asked.texts), some)
      })
      return emptyBytes === undefined || peakBytes === undefined
        ? undefined
        : { emptyBytes, peakBytes, weightsBytes }
    })
  } finally {
    await browser.close()
  }
}
