import type { Page } from '@playwright/test'
import { engineReady, isRunning, noteShown, rowsShown, until } from '../controls'
import type { Ordeal } from '../fault'
import { checkKept, finish, patienceMs } from '../kept'

const REFUSED = /refuses to store/

/** Makes every write throw from the moment that `refusesStorage` is set in the page, until it is unset or reloaded. */
export async function prepareRefusal(page: Page): Promise<void> {
  await page.addInitScript(() => {
    const put = Reflect.get(IDBObjectStore.prototype, 'put')
    // Without a name of its own: a compiler would keep that with a helper, which the page does not have.
    Reflect.set(
      IDBObjectStore.prototype,
      'put',
      function (this: IDBObjectStore, value: unknown, key?: IDBValidKey): IDBRequest<IDBValidKey> {
        if (Reflect.get(globalThis, 'refusesStorage') === true)
          throw new DOMException('no room, says the soak', 'QuotaExceededError')
        return put.call(this, value, key)
      },
    )
  })
}

const setRefusal = (page: Page, isRefusing: boolean): Promise<boolean> =>
  page.evaluate((value) => Reflect.set(globalThis, 'refusesStorage', value), isRefusing)

/** How many rows of the last run are stored. */
export const storedRows = (page: Page): Promise<number | undefined> =>
  page.evaluate(
    () =>
      new Promise<number | undefined>((resolve, reject) => {
        const opening = indexedDB.open('smallcap-workspace')
        opening.onerror = () => reject(new Error('the workspace does not open'))
        opening.onsuccess = () => {
          const reading = opening.result.transaction('records').objectStore('records').get('results')
          reading.onerror = () => reject(new Error('the results cannot be read'))
          reading.onsuccess = () => {
            opening.result.close()
            const head: unknown = reading.result
            const rows: unknown =
              typeof head === 'object' && head !== null ? Reflect.get(head, 'rows') : undefined
            resolve(typeof rows === 'number' ? rows : undefined)
          }
        }
      }),
  )

/** Storage is refused, for good or for a time; the run goes on, and what is there after a reload is what is said. */
export async function storageRefused(ordeal: Ordeal): Promise<string> {
  const { page, fault, undisturbed } = ordeal
  const lines = undisturbed.length
  await setRefusal(page, true)
  const isForGood = fault.chance < 0.5
  if (!isForGood) {
    await noteShown(page, REFUSED)
    await setRefusal(page, false)
  }
  // Only a run that still goes on stores anything more.
  const isHealed = !isForGood && (await isRunning(page))
  await rowsShown(page, lines, lines, patienceMs(lines))
  await finish(ordeal)
  if (isForGood) await noteShown(page, REFUSED)
  if (isHealed)
    await until('store all rows once it could again', 10_000, async () =>
      (await storedRows(page)) === lines ? true : undefined,
    )
  await page.reload()
  await engineReady(page)
  const kept = await checkKept(ordeal, isHealed ? lines : 0)
  return `${isHealed ? 'for a time' : 'for good'}, ${kept} kept after a reload`
}
