import type { Worker } from '@playwright/test'
import type { Contestant } from '../contract'
import { figure, type Figure } from '../figure'
import { ratios } from '../statistics'
import type { Subject } from '../subject'

/** Texts that are run before any is timed. */
const warmUpTexts = 5
const mostTexts = 100

/** One text alone, contestants taking turns at every text. */
export async function measureOneText(
  worker: Worker,
  { name, hasPeer }: Subject,
  texts: readonly string[],
): Promise<Figure[]> {
  const contestants: readonly Contestant[] = [
    { kind: 'ours', mode: { kind: 'zero-shot' } },
    { kind: 'encoder' },
    { kind: 'graph' },
    ...(hasPeer
      ? ([
          { kind: 'pipeline', batch: 1 },
          { kind: 'forward', batch: 1 },
        ] as const)
      : []),
  ]
  const time = (some: readonly string[]) =>
    worker.evaluate((asked) => bench.timeEach(asked.contestants, asked.texts), { contestants, texts: some })
  await time(texts.slice(0, warmUpTexts))
  const [ours = [], encoder = [], graph = [], pipeline = [], forward = []] = await time(
    texts.slice(0, mostTexts),
  )
  return [
    figure(name, 'one text, ours', 'ms', ours),
    figure(name, 'one text, ours against the bare encoder pass', '×', ratios(ours, encoder), {
      bound: 'at most',
      value: 1.15,
    }),
    figure(
      name,
      'one text, encoder and label decoder against the bare encoder pass',
      '×',
      ratios(graph, encoder),
    ),
    ...(hasPeer
      ? [
          figure(name, "one text, ours against transformers.js' pipeline", '×', ratios(ours, pipeline), {
            bound: 'below',
            value: 1,
          }),
          figure(name, "one text, ours against transformers.js' bare forward", '×', ratios(ours, forward), {
            bound: 'below',
            value: 1,
          }),
        ]
      : []),
  ]
}
