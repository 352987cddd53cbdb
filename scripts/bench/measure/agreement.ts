import type { Worker } from '@playwright/test'
import type { Answer, Contestant } from '../contract'
import { figure, type Figure } from '../figure'
import type { Subject } from '../subject'

/** Whether both sides compute the same: a comparison of speed means nothing otherwise. */
export async function measureAgreement(
  worker: Worker,
  { name }: Subject,
  texts: readonly string[],
): Promise<Figure[]> {
  const answers = (contestant: Contestant) =>
    worker.evaluate((asked) => bench.answers(asked.contestant, asked.texts), { contestant, texts })
  const ours = await answers({ kind: 'ours', mode: { kind: 'zero-shot' } })
  const forward = await answers({ kind: 'forward', batch: 1 })
  const pipeline = await answers({ kind: 'pipeline', batch: 1 })
  return [
    figure(name, "labels equal to those of transformers.js' forward", '%', [sharePercent(ours, forward)]),
    figure(name, "labels equal to those of transformers.js' pipeline", '%', [sharePercent(ours, pipeline)]),
  ]
}

const sharePercent = (a: readonly Answer[], b: readonly Answer[]): number =>
  (100 * a.filter(({ label }, i) => label === b[i]?.label).length) / a.length
