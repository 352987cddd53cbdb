import type { Page } from '@playwright/test'
import { DEMONSTRATIONS } from '../../src/samples/demonstrations'
import { violations } from './axe'
import { expect, openPage, test } from './page'

const LINES = 40
const csv = [
  'text,label',
  ...DEMONSTRATIONS.slice(0, LINES).map(({ text, labelId }) => `"${text.replaceAll('"', '""')}",${labelId}`),
].join('\n')

const setUp = (page: Page, name: string) => page.getByRole('row', { name: new RegExp(`\\d ${name}`) })
const accuracyOf = (page: Page, name: string) => setUp(page, name).getByRole('cell').first().innerText()

test('two models, zero-shot and fine-tuned, are compared on labelled lines by keyboard, and a reload keeps it all', async ({
  page,
}) => {
  await openPage(page)
  await page
    .getByLabel('File to open')
    .setInputFiles({ name: 'gold.csv', mimeType: 'text/csv', buffer: Buffer.from(csv) })
  await page.getByRole('button', { name: 'Use these rows' }).press('Enter')
  await page.getByRole('link', { name: 'Compare' }).press('Enter')
  await page.getByRole('button', { name: /^Compare nano and mini/ }).press('Enter')
  await page.keyboard.press('Control+Enter')
  const names = ['nano zero-shot', 'nano fine-tuned', 'mini zero-shot', 'mini fine-tuned']
  for (const name of names) await expect(setUp(page, name)).toContainText(`${LINES} in `, { timeout: 30_000 })
  await expect(page.getByRole('row', { name: /^always/ })).toContainText('0.00')

  await page.getByRole('radio', { name: 'By label' }).press('Space')
  const before = await Promise.all(names.map((name) => accuracyOf(page, name)))
  expect(before[3]).toMatch(/^\d+(\.\d)? %/)
  const hits = page.getByRole('button', { name: /gold neutral, nano zero-shot neutral; show them/ })
  const count = Number(await hits.innerText())
  await hits.press('Enter')
  await expect(page.getByText(new RegExp(`^${count} that nano zero-shot calls`))).toBeVisible()

  await page.getByLabel('One text for all set-ups').fill('Profit rose to a record')
  await expect(
    page.getByRole('list', { name: 'Answers to this text' }).getByRole('img', { name: /positive/ }),
  ).toHaveCount(4)
  await page.getByRole('button', { name: /1 nano zero-shot/ }).press('Enter')
  await expect(page.getByRole('combobox', { name: 'Numbers' })).toBeVisible()
  expect(await violations(page)).toEqual([])

  await page.reload()
  for (const name of names) await expect(setUp(page, name)).toContainText(`${LINES} in `)
  expect(await Promise.all(names.map((name) => accuracyOf(page, name)))).toEqual(before)
})
