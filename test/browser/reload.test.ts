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
  expect(await rows(page).allInnerTexts()).toEqual(before)
  // The time a run took would differ had it been run again.
  expect(await footer(page).innerText()).toBe(facts)
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
