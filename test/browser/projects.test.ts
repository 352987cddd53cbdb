import { readFile } from 'node:fs/promises'
import { violations } from './axe'
import { expect, expectFacts, openPage, rows, test, textBox } from './page'

test('a second project, by keyboard: its own labels, there and back, and a file of it', async ({ page }) => {
  await openPage(page)
  const name = page.getByRole('button', { name: /^project:/ })
  const menu = page.getByRole('region', { name: 'Projects' })
  const first = await rows(page).allInnerTexts()

  // Made, and given labels of its own.
  await name.press('Enter')
  await expect(menu.getByRole('button', { name: 'My texts' })).toBeFocused()
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('Enter')
  const editor = page.getByRole('dialog', { name: 'Labels, template and guidelines' })
  await editor.getByLabel('Project', { exact: true }).fill('Support mail')
  await editor.getByRole('radio', { name: 'This project’s' }).press('Space')
  await editor.getByRole('button', { name: 'Remove neutral' }).press('Enter')
  await expect(editor.getByLabel('Name of label 2')).toBeFocused()
  for (const [place, label] of ['praise', 'bug'].entries()) {
    await editor.getByLabel(`Name of label ${place + 1}`).fill(label)
    await editor.getByLabel(`Label words of ${label}`).fill(place === 0 ? 'good' : 'bad')
  }
  await editor.getByLabel('Template').fill('Is this mail {options}?')
  await expect(editor.getByText('The template needs {text} where the text goes.')).toBeVisible()
  await expect(editor.getByRole('button', { name: 'Save' })).toBeDisabled()
  await editor.getByLabel('Template').fill('{text} This mail is')
  expect(await violations(page)).toEqual([])
  await page.keyboard.press('Tab')
  await editor.getByRole('button', { name: 'Save' }).press('Enter')
  await expect(name).toHaveText(/Support mail/)

  // Asked for those labels.
  await page.getByRole('radio', { name: 'zero-shot' }).press('Space')
  await textBox(page).fill('It crashes.\nThank you so much.')
  await page.keyboard.press('Control+Enter')
  await expectFacts(page, /2 of 2.*zero-shot/s)
  await expect(rows(page)).toHaveCount(2)
  const second = await rows(page).allInnerTexts()
  for (const row of second) expect(row).toMatch(/praise|bug/)

  // There and back, and over a reload.
  await name.press('Enter')
  await menu.getByRole('button', { name: 'My texts' }).press('Enter')
  await expectFacts(page, '12 of 12')
  await expect.poll(() => rows(page).allInnerTexts()).toEqual(first)
  await expect(name).toBeFocused()
  await name.press('Enter')
  await menu.getByRole('button', { name: 'Support mail' }).press('Enter')
  await expectFacts(page, '2 of 2')
  await page.reload()
  await expect(name).toHaveText(/Support mail/)
  await expect.poll(() => rows(page).allInnerTexts()).toEqual(second)

  // Out as a file, deleted, and back from it.
  await name.press('Enter')
  await menu.getByRole('button', { name: /^All projects/ }).press('Enter')
  const dialog = page.getByRole('dialog', { name: 'Projects' })
  const row = dialog.getByRole('listitem', { name: 'Support mail' })
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    row.getByRole('button', { name: 'Back up' }).press('Enter'),
  ])
  expect(download.suggestedFilename()).toBe('Support mail.smallcap.json.gz')
  expect(await violations(page)).toEqual([])
  await row.getByRole('button', { name: 'Delete' }).press('Enter')
  await expect(row.getByRole('button', { name: 'Keep' })).toBeFocused()
  await row.getByRole('button', { name: 'Delete' }).press('Enter')
  await expect(dialog.getByRole('listitem')).toHaveCount(1)
  const bytes = await readFile(await download.path())
  const file = { name: 'a.json.gz', mimeType: 'application/gzip' }
  const restore = dialog.getByLabel('Restore a backup')
  await restore.setInputFiles({ ...file, buffer: bytes.subarray(0, bytes.length - 30) })
  await expect(dialog.getByRole('alert')).toContainText('Nothing was changed here.')
  await restore.setInputFiles({ ...file, buffer: bytes })
  await expect(dialog.getByText('Restored as “Support mail”')).toBeVisible()
  await page.keyboard.press('Escape')
  await expect(name).toBeFocused()
  await expectFacts(page, '2 of 2')
  await expect.poll(() => rows(page).allInnerTexts()).toEqual(second)
})
