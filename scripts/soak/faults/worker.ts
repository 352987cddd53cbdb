import { alertTitle, engineReady, goOn, hasEnded, rowsShown, until } from '../controls'
import { TOO_LATE, type Ordeal } from '../fault'
import { SoakFailure } from '../exported'
import { checkKept, patienceMs } from '../kept'

/**
 * Ends the engine worker as running out of memory would: without an event. Answers once the page has noticed whether
 * there was still a run to disturb.
 */
export async function killWorker({ page, undisturbed }: Ordeal): Promise<boolean> {
  const worker = page.workers().find((candidate) => candidate.url().includes('engine.worker'))
  if (!worker) throw new SoakFailure('There is no engine worker to kill.')
  // The worker may be gone before it can answer.
  await worker.evaluate(() => self.close()).catch(() => undefined)
  return until('notice that its engine died', 20_000, async () => {
    if ((await alertTitle(page))?.startsWith('The engine stopped')) return true
    return (await hasEnded(page, undisturbed.length)) ? false : undefined
  })
}

/** The worker dies once. */
export async function workerKilled(ordeal: Ordeal, seen: number): Promise<string> {
  const isInTime = await killWorker(ordeal)
  const kept = await checkKept(ordeal, seen)
  await engineReady(ordeal.page)
  return isInTime ? `${kept} kept` : TOO_LATE
}

/** The worker dies, and again in the run that goes on: at once or after more rows. */
export async function workerKilledTwice(ordeal: Ordeal, seen: number): Promise<string> {
  const { page, fault, undisturbed } = ordeal
  if (!(await killWorker(ordeal))) return TOO_LATE
  const first = await checkKept(ordeal, seen)
  const lines = undisturbed.length
  const again =
    first === 0 ? 0 : Math.min(lines - 1, first + Math.floor(fault.chance * (lines - first) * 0.8))
  await goOn(page)
  if (again > first) await rowsShown(page, again, lines, patienceMs(lines))
  await killWorker(ordeal)
  const second = await checkKept(ordeal, first)
  return `${first} kept, then ${second}`
}
