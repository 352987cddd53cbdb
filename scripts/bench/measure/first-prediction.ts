import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { BrowserContext, Page } from '@playwright/test'
import { createStaticServer, listen } from '../../setup/server.mjs'
import { launchProfile } from '../chromium'
import { figure, type Figure } from '../figure'
import { ownScriptBytes } from '../own-script'
import { sumBytes, watchTraffic, type Transfer } from '../traffic'

const host = '127.0.0.1'
const timeoutMs = 60_000

interface Visit {
  /** From the start of the navigation until the first probability bar is in the document. */
  readonly elapsedMs: number
  readonly transfers: readonly Transfer[]
}

/** The built page as a newcomer opens it: it classifies its sample lines unasked. */
export async function measureFirstPrediction(dist: string, repeats: number): Promise<Figure[]> {
  const server = createStaticServer(dist)
  const transfers = watchTraffic(server)
  const address = `http://${host}:${await listen(server, 0, host)}/`
  const cold: Visit[] = []
  const stored: Visit[] = []
  try {
    for (let round = 0; round < repeats; round += 1) {
      const profile = await mkdtemp(join(tmpdir(), 'smallcap-profile-'))
      const context = await launchProfile(profile)
      try {
        cold.push(await visit(context, address, transfers))
        await forgetWork(context, address)
        stored.push(await visit(context, address, transfers))
      } finally {
        await context.close()
        await rm(profile, { recursive: true, force: true })
      }
    }
  } finally {
    server.close()
  }
  const [first] = cold
  if (!first) return []
  const paths = first.transfers.map(({ path }) => path)
  const milliseconds = (visits: readonly Visit[]) => visits.map(({ elapsedMs }) => elapsedMs / 1000)
  return [
    figure('the page', 'first prediction, empty HTTP cache', 's', milliseconds(cold), {
      bound: 'at most',
      value: 2,
    }),
    figure('the page', 'first prediction, model from IndexedDB', 's', milliseconds(stored)),
    figure('the page', 'bytes to the first prediction, compressed', 'MB', [sumBytes(first.transfers) / 1e6], {
      bound: 'at most',
      value: 8,
    }),
    figure(
      'the page',
      'of which our own JavaScript, gzip',
      'kB',
      [(await ownScriptBytes(dist, paths)) / 1000],
      {
        bound: 'at most',
        value: 100,
      },
    ),
  ]
}

async function visit(context: BrowserContext, address: string, transfers: Transfer[]): Promise<Visit> {
  const page = await context.newPage()
  await watchFirstBar(page)
  transfers.length = 0
  await page.goto(address)
  await page.waitForFunction(() => 'firstBarMs' in globalThis, undefined, { timeout: timeoutMs })
  const { elapsedMs, startedMs } = await page.evaluate(() => ({
    elapsedMs: Number(Reflect.get(globalThis, 'firstBarMs')),
    startedMs: performance.timeOrigin,
  }))
  const before = transfers.filter(({ atMs }) => atMs <= startedMs + elapsedMs)
  await page.waitForFunction(modelIsKept, undefined, { timeout: timeoutMs })
  await page.close()
  return { elapsedMs, transfers: before }
}

/** Runs in the page: whether a model's record was written, which is the last of it. */
function modelIsKept(): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const opening = indexedDB.open('smallcap-models')
    opening.onerror = () => reject(new Error('The models cannot be opened'))
    opening.onsuccess = () => {
      const database = opening.result
      const counting = database
        .transaction('files')
        .objectStore('files')
        .count(IDBKeyRange.bound('model/', 'model/\uffff'))
      counting.onerror = () => reject(new Error('The models cannot be counted'))
      counting.onsuccess = () => {
        database.close()
        resolve(counting.result > 0)
      }
    }
  })
}

/** Notes when the first probability bar appears, in the page itself, so that no polling is in the time. */
async function watchFirstBar(page: Page): Promise<void> {
  await page.addInitScript({
    content: `new MutationObserver((_, observer) => {
      if (!document.querySelector('[role="img"][aria-label*="0."]')) return
      globalThis.firstBarMs = performance.now()
      observer.disconnect()
    }).observe(document, { childList: true, subtree: true })`,
  })
}

/** Results of the last visit would be shown without a run; everything else that a browser keeps stays. */
async function forgetWork(context: BrowserContext, address: string): Promise<void> {
  const page = await context.newPage()
  await page.goto(`${address}models/catalogue.json`)
  await page.evaluate(
    () =>
      new Promise<void>((resolve, reject) => {
        const deleting = indexedDB.deleteDatabase('smallcap-workspace')
        deleting.onsuccess = () => resolve()
        deleting.onerror = () => reject(new Error('The workspace cannot be deleted'))
        deleting.onblocked = () => reject(new Error('The workspace is still open'))
      }),
  )
  await page.close()
}
