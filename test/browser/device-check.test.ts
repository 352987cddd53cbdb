import { violations } from './axe'
import { expect, openPage, test } from './page'

test('a device is checked by keyboard, and what was found can be copied', async ({ page }) => {
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write'])
  await openPage(page)
  await page.getByRole('button', { name: /^Engine:/ }).press('Enter')
  await page.getByRole('button', { name: 'Check this device' }).press('Enter')
  const dialog = page.getByRole('dialog', { name: 'This device, checked' })
  // What the keys of the view do waits behind the dialog.
  await page.keyboard.press('?')
  await expect(page.getByRole('region', { name: 'Keys of this view' })).toBeHidden()
  await expect(dialog.getByRole('cell', { name: 'as it should be' })).toHaveCount(3, { timeout: 60_000 })
  await expect(dialog.getByRole('cell', { name: 'this browser offers no graphics device' })).toHaveCount(2)
  expect(await violations(page)).toEqual([])
  await dialog.getByRole('button', { name: 'Copy for a bug report' }).press('Enter')
  await expect(dialog.getByRole('button', { name: 'Copied' })).toBeVisible()
  const report = await page.evaluate(() => navigator.clipboard.readText())
  expect(report).toMatch(/^- weights \(SHA-256\): [0-9a-f]{64}\+[0-9a-f]{64}$/m)
  expect(report).toMatch(/^\| wasm \| int8 \| 0\.0\d+ \| \d+(\.\d)? %? ?/m)
  await page.keyboard.press('Escape')
  await expect(dialog).toHaveCount(0)
})
