import type { Page, Route } from '@playwright/test'
import { alertTitle, goOn, isRunning, shownCount, until } from '../controls'
import { SoakFailure } from '../exported'
import { TOO_LATE, type FaultKind, type Ordeal } from '../fault'
import { checkKept } from '../kept'
import { killWorker } from './worker'

const WEIGHTS = /\/models\/.*\.safetensors$/

/** A route that spoils the files of a model, and how many it has spoilt. */
async function spoil(page: Page, kind: FaultKind, chance: number): Promise<() => Promise<number>> {
  let spoilt = 0
  const handler = async (route: Route): Promise<void> => {
    spoilt += 1
    if (kind === 'network gone while the model loads') return route.abort('internetdisconnected')
    const response = await route.fetch()
    const body = await response.body()
    const place = Math.floor(chance * body.length)
    // The body is no longer encoded, nor as long as was said.
    const headers = Object.fromEntries(
      Object.entries(response.headers()).filter(
        ([name]) => !['content-encoding', 'content-length'].includes(name),
      ),
    )
    if (kind === 'model truncated while it loads')
      return route.fulfill({ status: 200, headers, body: body.subarray(0, place) })
    body[place] = (body[place] ?? 0) ^ 0x55
    return route.fulfill({ status: 200, headers, body })
  }
  await page.route(WEIGHTS, handler)
  return async () => {
    await page.unroute(WEIGHTS, handler)
    return spoilt
  }
}

/** Forgets the models kept in the browser, so that they have to come over the network again. */
const forgetModels = (page: Page): Promise<void> =>
  page.evaluate(
    () =>
      new Promise<void>((resolve, reject) => {
        const opening = indexedDB.open('smallcap-models')
        opening.onerror = () => reject(new Error('the models do not open'))
        opening.onsuccess = () => {
          const transaction = opening.result.transaction('files', 'readwrite')
          transaction.objectStore('files').clear()
          transaction.oncomplete = () => {
            opening.result.close()
            resolve()
          }
          transaction.onabort = () => reject(new Error('the models cannot be removed'))
        }
      }),
  )

/** The worker dies in the run, and the model cannot be loaded again; then it can. */
export async function modelSpoilt(ordeal: Ordeal, seen: number): Promise<string> {
  const { page, fault } = ordeal
  await forgetModels(page)
  const heal = await spoil(page, fault.kind, fault.chance)
  if (!(await killWorker(ordeal))) return TOO_LATE
  const first = await checkKept(ordeal, seen)
  await goOn(page)
  const wentOn = await until('fail for want of its model, or go on', 60_000, async () => {
    if ((await alertTitle(page))?.startsWith('The run failed')) return false
    return ((await shownCount(page))?.rows ?? 0) > first && (await isRunning(page)) ? true : undefined
  })
  const spoilt = await heal()
  // Whoever has the model stored needs no network.
  if (wentOn) return `${first} kept, the model came from elsewhere after ${spoilt} spoilt files`
  const second = await checkKept(ordeal, first)
  if (second !== first) throw new SoakFailure(`${first} rows became ${second} though no model was there.`)
  return `${first} kept, also after a failed load`
}
