import { readFile } from 'node:fs/promises'
import type { Locator, Page } from '@playwright/test'
import { expect, expectFacts, openPage, paste, rows, test, textBox } from './page'

/** Presses Tab (or Shift+Tab) until the element has the focus, as somebody without a mouse does. */
async function tabTo(page: Page, target: Locator, key: 'Tab' | 'Shift+Tab' = 'Tab'): Promise<void> {
  for (let pressed = 0; pressed < 60; pressed += 1) {
    if (await target.evaluate((element) => element === document.activeElement)) return
    await page.keyboard.press(key)
  }
  throw new Error('Tab never reached the element.')
}

test('by keyboard alone: paste, read, change the mode, export', async ({ page }) => {
  await openPage(page)
  await tabTo(page, textBox(page))
  await paste(page, 'Profit fell sharply and the dividend was cut\n=SUM(A1) shares rally to a record high')
  await page.keyboard.press('Control+Enter')
  await expectFacts(page, '2 of 2')

  await page.keyboard.press('Tab')
  await tabTo(page, page.getByRole('radio', { name: 'fine-tuned' }))
  await page.keyboard.press('ArrowLeft')
  await expect(page.getByRole('radio', { name: 'k-shot', exact: true })).toBeChecked()
  await expect(page.getByText('These results are from the earlier mode.')).toBeVisible()
  await page.keyboard.press('ArrowLeft')
  await expect(page.getByRole('radio', { name: 'zero-shot' })).toBeChecked()
  await page.keyboard.press('Control+Enter')
  await expectFacts(page, /nano\s+zero-shot/)

  const [download] = await Promise.all([page.waitForEvent('download'), page.keyboard.press('e')])
  expect(download.suggestedFilename()).toBe('smallcap-t5-nano-zero-shot.csv')
  const csv = await readFile(await download.path(), 'utf8')
  const [head, first, second, end] = csv.split('\r\n')
  expect(head?.replace('\uFEFF', '').split(',').slice(0, 6)).toEqual([
    'line',
    'text',
    'label',
    'p_negative',
    'p_neutral',
    'p_positive',
  ])
  expect(first).toMatch(/^1,Profit fell sharply and the dividend was cut,(negative|neutral|positive),0\.\d+,/)
  expect(second).toMatch(/^2,'=SUM\(A1\) shares rally to a record high,/)
  expect(second).toMatch(/smallcap-t5-nano,base,[0-9a-f]{64},int8,wasm,,/)
  expect(end).toBe('')
})

test('J and K move, Enter opens, / searches, ? shows the keys, Escape closes', async ({ page }) => {
  await openPage(page)
  const focusedRow = page.locator('[data-row]:focus')
  await page.keyboard.press('j')
  await expect(focusedRow).toHaveAttribute('data-row', '0')
  await page.keyboard.press('j')
  await page.keyboard.press('ArrowDown')
  await expect(focusedRow).toHaveAttribute('data-row', '2')
  await page.keyboard.press('k')
  await expect(focusedRow).toHaveAttribute('data-row', '1')
  await page.keyboard.press('Enter')
  await expect(focusedRow).toHaveAttribute('aria-expanded', 'true')
  await expect(page.getByRole('heading', { name: 'Which words mattered' })).toBeVisible()
  await page.keyboard.press('Enter')
  await expect(focusedRow).toHaveAttribute('aria-expanded', 'false')

  await page.keyboard.press('?')
  await expect(page.getByRole('region', { name: 'Keys of this view' })).toBeVisible()
  await page.keyboard.press('Escape')
  await expect(page.getByRole('region', { name: 'Keys of this view' })).toBeHidden()

  await page.keyboard.press('/')
  await page.keyboard.type('jek')
  await expect(page.getByRole('searchbox')).toHaveValue('jek')
  await expect(page.getByText('No row matches.')).toBeVisible()
})

test('letters typed into the text are text, not commands', async ({ page }) => {
  await openPage(page)
  let downloads = 0
  page.on('download', () => (downloads += 1))
  await textBox(page).focus()
  await page.keyboard.press('Control+a')
  await page.keyboard.type('jke/?')
  await expect(textBox(page)).toHaveValue('jke/?')
  await expect(page.getByRole('region', { name: 'Keys of this view' })).toBeHidden()
  await expect(page.getByRole('button', { name: 'Classify Ctrl+Enter' })).toBeVisible()
  expect(downloads).toBe(0)
})

test('rows far down keep the focus while the list is walked', async ({ page }) => {
  await openPage(page)
  await textBox(page).focus()
  await paste(page, Array.from({ length: 300 }, (_, place) => `Line ${place} rises`).join('\n'))
  await page.keyboard.press('Control+Enter')
  await expectFacts(page, '300 of 300')
  await page.getByRole('button', { name: 'Classify Ctrl+Enter' }).focus()
  for (let step = 0; step <= 60; step += 1) await page.keyboard.press('j')
  const focused = page.locator('[data-row]:focus')
  await expect(focused).toHaveAttribute('data-row', '60')
  await expect(focused).toBeInViewport()
  expect(await rows(page).count()).toBeLessThan(100)
})
