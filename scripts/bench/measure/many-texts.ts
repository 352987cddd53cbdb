import type { Worker } from '@playwright/test'
import type { Mode } from '../../../src/domain/task'
import type { Contestant } from '../contract'
import { figure, type Figure } from '../figure'
import { ratios } from '../statistics'
import type { Subject } from '../subject'
import { elapsed, rounds } from './rounds'

const peerBatches = [1, 8, 16, 32]
/** Rounds and share of the texts in which the peer's best batch is looked for. */
const searchRounds = 2
const searchShare = 0.2

/** Many texts in the order given: ours against the peer at its best, and against full batches without padding. */
export async function measureManyTexts(
  worker: Worker,
  { name, hasPeer }: Subject,
  texts: readonly string[],
  { repeats, adapter }: { readonly repeats: number; readonly adapter: string | undefined },
): Promise<Figure[]> {
  const ours = (mode: Mode): Contestant => ({ kind: 'ours', mode })
  const peers = hasPeer
    ? [await bestBatch(worker, 'pipeline', texts), await bestBatch(worker, 'forward', texts)]
    : []
  const contestants: readonly Contestant[] = [
    ours({ kind: 'zero-shot' }),
    { kind: 'equal-lengths' },
    ours(adapter === undefined ? { kind: 'zero-shot' } : { kind: 'fine-tuned', adapter }),
    ...peers,
  ]
  const [zeroShot = [], equal = [], tuned = [], ...ofPeers] = await rounds(
    worker,
    contestants,
    texts,
    repeats,
  )
  const rate = (timings: typeof equal) => timings.map(({ elapsedMs, tokens }) => tokens / elapsedMs)
  const many = `${texts.length} texts`
  return [
    figure(
      name,
      `${many}, ours`,
      'texts/s',
      elapsed(zeroShot).map((ms) => (texts.length * 1000) / ms),
    ),
    figure(
      name,
      `${many}, token rate of ours against equal-length batches`,
      '%',
      ratios(rate(zeroShot), rate(equal)).map((ratio) => ratio * 100),
      { bound: 'at least', value: 80 },
    ),
    ...peers.map(({ kind, batch }, i) =>
      figure(
        name,
        `${many}, ours faster than transformers.js' ${kind} at its best (batch ${batch})`,
        '×',
        ratios(elapsed(ofPeers[i]), elapsed(zeroShot)),
        { bound: 'at least', value: 2 },
      ),
    ),
    ...(adapter === undefined
      ? []
      : [
          figure(
            name,
            `${many}, fine-tuned against zero-shot time`,
            '×',
            ratios(elapsed(tuned), elapsed(zeroShot)),
          ),
        ]),
  ]
}

type PeerContestant = Extract<Contestant, { kind: 'pipeline' | 'forward' }>

async function bestBatch(
  worker: Worker,
  kind: PeerContestant['kind'],
  texts: readonly string[],
): Promise<PeerContestant> {
  const candidates = peerBatches.map((batch): PeerContestant => ({ kind, batch }))
  const some = texts.slice(0, Math.max(32, Math.round(texts.length * searchShare)))
  const timings = await rounds(worker, candidates, some, searchRounds)
  const fastest = timings.map((each) => Math.min(...elapsed(each)))
  const best = candidates[fastest.indexOf(Math.min(...fastest))]
  if (!best) throw new Error('There was no batch to choose from')
  return best
}
