import { violations } from './axe'
import { expect, openPage, paste, rows, test, textBox } from './page'

test('axe finds nothing in the results, in an open row, in both panels', async ({ page }) => {
  await openPage(page)
  expect(await violations(page)).toEqual([])

  await rows(page).nth(6).getByRole('button').first().click()
  await expect(page.getByText(/Without .* goes from/)).toBeVisible()
  await expect(page.getByRole('list', { name: 'Prompt tokens' })).toBeVisible()
  expect(await violations(page)).toEqual([])

  await page.getByRole('button', { name: /^Engine:/ }).click()
  await expect(page.getByRole('region', { name: 'Engine' })).toBeVisible()
  expect(await violations(page)).toEqual([])
  await page.keyboard.press('Escape')

  await page.keyboard.press('?')
  expect(await violations(page)).toEqual([])
  await page.keyboard.press('Escape')

  await textBox(page).focus()
  await paste(page, Array.from({ length: 1500 }, (_, place) => `Line ${place}`).join('\n'))
  await page.keyboard.press('Control+Enter')
  await page.getByRole('button', { name: 'Pause P' }).click()
  await expect(page.getByText(/^Paused at [\d,]+ of/)).toBeVisible()
  expect(await violations(page)).toEqual([])

  await page.getByRole('radio', { name: 'k-shot', exact: true }).check()
  await page.getByText(/built-in demonstrations/).click()
  expect(await violations(page)).toEqual([])
})

test('axe finds nothing in a file on its way in, open, refused, in use, and over the page', async ({
  page,
}) => {
  await openPage(page)
  const file = page.getByLabel('File to open')
  const open = (name: string, content: string) =>
    file.setInputFiles({ name, mimeType: '', buffer: Buffer.from(content) })
  const session = await page.context().newCDPSession(page)
  const data = { items: [], files: [import.meta.filename, import.meta.filename], dragOperationsMask: 1 }
  const drag = (type: 'dragEnter' | 'dragOver' | 'drop') =>
    session.send('Input.dispatchDragEvent', { type, x: 640, y: 400, data })
  await drag('dragEnter')
  await drag('dragOver')
  await expect(page.getByText('Drop the file to open it')).toBeVisible()
  expect(await violations(page)).toEqual([])
  await drag('drop')
  await expect(page.getByRole('alert')).toContainText('2 files were dropped')
  expect(await violations(page)).toEqual([])

  await open('large.csv', `text\n${'Profit rose again.\n'.repeat(1_500_000)}`)
  await expect(page.getByRole('progressbar', { name: 'Reading large.csv' })).toBeVisible()
  expect(await violations(page)).toEqual([])
  await page
    .getByRole('button', { name: 'Stop' })
    .or(page.getByRole('button', { name: 'Cancel' }))
    .first()
    .click()

  await open('bad.csv', 'text,label\n"Up" they said,1\n')
  await expect(page.getByRole('button', { name: 'Take quotes as text' })).toBeVisible()
  expect(await violations(page)).toEqual([])

  const row = (index: number) => `Up ${index},Down,${index % 6 ? 1 : 2}`
  const mapped = ['text,pair,label', ...Array.from({ length: 60 }, (_, index) => row(index))].join('\n')
  await open('my.csv', mapped)
  await expect(page.getByRole('list', { name: 'First pairs' })).toBeVisible()
  await expect(page.getByRole('combobox', { name: 'What 1 means' })).toBeVisible()
  expect(await violations(page)).toEqual([])
  await page.getByRole('button', { name: 'Use these rows' }).click()
  await expect(page.getByText('60 with a pair')).toBeVisible()
  expect(await violations(page)).toEqual([])
})

test.describe('axe finds nothing on a phone', () => {
  test.use({ viewport: { width: 360, height: 740 } })

  test('folded and unfolded', async ({ page }) => {
    await openPage(page)
    expect(await violations(page)).toEqual([])
    await page.getByRole('button', { name: 'Edit' }).click()
    expect(await violations(page)).toEqual([])
  })
})

test('a term explains itself on focus and is closed by Escape', async ({ page }) => {
  await openPage(page)
  const margin = page.getByRole('button', { name: 'margin' }).first()
  await margin.focus()
  await expect(page.getByRole('tooltip').filter({ hasText: 'ahead of the second' })).toBeVisible()
  await expect(margin).toHaveAccessibleDescription(/ahead of the second/)
  await page.keyboard.press('Escape')
  await expect(page.getByRole('tooltip').filter({ hasText: 'ahead of the second' })).toBeHidden()
})
