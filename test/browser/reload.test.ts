import type { Page } from '@playwright/test'
import { expect, expectFacts, footer, openPage, rows, test, textBox } from './page'

test('text, settings and results come back after a reload, without classifying again', async ({ page }) => {
  await openPage(page)
  await textBox(page).fill('Sales beat expectations.\n\nThe plant was closed.')
  await page.getByRole('radio', { name: 'k-shot', exact: true }).check()
  await page.getByRole('radio', { name: '1', exact: true }).check()
  await page.getByRole('radio', { name: 'Dark' }).check()
  await page.keyboard.press('Control+Enter')
  await expectFacts(page, /2 of 2.*nano\s+1-shot/s)
  const before = await rows(page).allInnerTexts()
  const facts = await footer(page).innerText()

  await page.reload()
  await expect(page.getByRole('button', { name: /^Engine:.*ready$/ })).toBeVisible()
  await expect(textBox(page)).toHaveValue('Sales beat expectations.\n\nThe plant was closed.')
  await expect(page.getByRole('radio', { name: '1', exact: true })).toBeChecked()
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark')
  await expect.poll(() => rows(page).allInnerTexts()).toEqual(before)
  // The time a run took would differ had it been run again.
  expect(await footer(page).innerText()).toBe(facts)
})

/** Runs in the page: once this mode is stored, nothing more is: a transaction stays open until the page ends. */
const holdStorage = (page: Page, mode: string): Promise<void> =>
  page.evaluate(async (wanted) => {
    const settled = <T>(request: IDBRequest<T>): Promise<T> =>
      new Promise((resolve, reject) => {
        request.onsuccess = () => resolve(request.result)
        request.onerror = () => reject(new Error('the database refused'))
      })
    const database = await settled(indexedDB.open('smallcap-workspace'))
    const records = (kind: IDBTransactionMode) => database.transaction('records', kind).objectStore('records')
    const storedMode = async (): Promise<unknown> =>
      Reflect.get(Object(await settled<unknown>(records('readonly').get('settings'))), 'mode')
    while ((await storedMode()) !== wanted);
    const held = records('readwrite')
    const hold = (): void => {
      held.get('settings').onsuccess = hold
    }
    hold()
  }, mode)

test('what was asked is there after a reload that was quicker than the storage', async ({ page }) => {
  await openPage(page)
  await page.getByRole('radio', { name: 'zero-shot', exact: true }).check()
  await holdStorage(page, 'zero-shot')
  await page.keyboard.press('Control+Enter')
  await expectFacts(page, /12 of 12.*nano\s+zero-shot/s)
  await page.reload()
  await expectFacts(page, /12 of 12.*nano\s+zero-shot/s)
})

test('a spoilt record is left out with a note', async ({ page }) => {
  await openPage(page)
  await page.evaluate(
    () =>
      new Promise<void>((resolve, reject) => {
        const opening = indexedDB.open('smallcap-workspace')
        opening.onerror = () => reject(new Error('the workspace does not open'))
        opening.onsuccess = () => {
          const transaction = opening.result.transaction('records', 'readwrite')
          transaction.objectStore('records').put({ version: 1, runId: 0 }, 'results')
          transaction.oncomplete = () => resolve()
        }
      }),
  )
  await page.reload()
  await expect(page.getByText(/A stored record \(results\) could not be read/)).toBeVisible()
  await expectFacts(page, '12 of 12')
})

test('where storage is refused the page works and says so', async ({ page }) => {
  await page.addInitScript(() => {
    indexedDB.open = () => {
      throw new DOMException('refused by the test', 'SecurityError')
    }
  })
  await openPage(page)
  await expect(page.getByText(/refuses to store anything/)).toBeVisible()
})
