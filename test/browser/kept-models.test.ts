import type { Page } from '@playwright/test'
import { expect, openPage, test } from './page'

const WEIGHTS = /\/models\/.*\.safetensors$/

/** Runs in the page: sizes of the kept files; each with its last byte changed where `isSpoilt`. */
const keptFiles = (page: Page, isSpoilt = false): Promise<number> =>
  page.evaluate(async (spoil) => {
    const settled = <T>(request: IDBRequest<T>): Promise<T> =>
      new Promise((resolve, reject) => {
        request.onsuccess = () => resolve(request.result)
        request.onerror = () => reject(new Error('the database refused'))
      })
    const database = await settled(indexedDB.open('smallcap-models'))
    const store = () => database.transaction('files', 'readwrite').objectStore('files')
    let files = 0
    for (const key of await settled(store().getAllKeys())) {
      const value: unknown = await settled(store().get(key))
      if (!(value instanceof Blob)) continue
      files += 1
      if (!spoil) continue
      const bytes = new Uint8Array(await value.arrayBuffer())
      bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) ^ 1
      await settled(store().put(new Blob([bytes]), key))
    }
    database.close()
    return files
  }, isSpoilt)

const engineReady = (page: Page) =>
  expect(page.getByRole('button', { name: /^Engine:.*ready$/ })).toBeVisible()

test('a model that was loaded once is kept, and loads again without a network', async ({ page }) => {
  await openPage(page)
  // The weights, the adapter, and what describes them.
  await expect.poll(() => keptFiles(page)).toBeGreaterThan(5)
  await page.route(WEIGHTS, (route) => route.abort('internetdisconnected'))
  await page.reload()
  await engineReady(page)
})

test('kept files that were damaged are never loaded, but fetched again', async ({ page }) => {
  await openPage(page)
  await expect.poll(() => keptFiles(page)).toBeGreaterThan(5)
  await keptFiles(page, true)
  let fetched = 0
  await page.route(WEIGHTS, (route) => {
    fetched += 1
    return route.continue()
  })
  await page.reload()
  await engineReady(page)
  expect(fetched).toBe(2)
  // They were kept whole this time.
  await page.route(WEIGHTS, (route) => route.abort('internetdisconnected'))
  await page.reload()
  await engineReady(page)
})
