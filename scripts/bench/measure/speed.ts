import { withWorker } from '../chromium'
import type { Part } from '../contract'
import type { Figure } from '../figure'
import type { Bench, Subject } from '../subject'
import { measureAgreement } from './agreement'
import { measureManyTexts } from './many-texts'
import { measureOneText } from './one-text'

const agreementTexts = 200

/** One text and many texts of one subject, all contestants in one worker. */
export async function measureSpeed(bench: Bench, subject: Subject): Promise<Figure[]> {
  const { browser, address, texts, repeats, threads, say } = bench
  const { name, model, numberFormat, hasPeer } = subject
  return withWorker(browser, address, async (worker) => {
    const parts: readonly Part[] = hasPeer ? ['ours', 'limits', 'peer'] : ['ours', 'limits']
    const request = { parts, model, numberFormat, threads }
    const { adapters } = await worker.evaluate((asked) => globalThis.bench.load(asked), request)
    say(`${name}: one text`)
    const one = await measureOneText(worker, subject, texts)
    say(`${name}: ${texts.length} texts`)
    const many = await measureManyTexts(worker, subject, texts, { repeats, adapter: adapters[0] })
    const agreement = hasPeer ? await measureAgreement(worker, subject, texts.slice(0, agreementTexts)) : []
    return [...one, ...many, ...agreement]
  })
}
