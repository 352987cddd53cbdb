import { readFile } from 'node:fs/promises'
import { pathToFileURL } from 'node:url'
import type { Page } from '@playwright/test'
import { violations } from './axe'
import { compareOn, csvOf, setUp } from './compare-page'
import { expect, openPage, test } from './page'

const LINES = 200
const csv = csvOf(LINES)

/** Where the file lies that the button saves. */
async function savedBy(page: Page, button: string): Promise<string> {
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: button }).press('Enter'),
  ])
  const path = test.info().outputPath(download.suggestedFilename())
  await download.saveAs(path)
  return path
}

const accuracyOf = (page: Page, name: string) => setUp(page, name).getByRole('cell').first().innerText()

/** Duplicates a set-up and asks the copy with one demonstration, by keyboard. */
async function addOneShot(page: Page, place: number, name: string): Promise<void> {
  await page.getByRole('button', { name: `${place} ${name}`, exact: true }).press('Enter')
  await page.getByRole('button', { name: 'Duplicate' }).press('Enter')
  await page.getByRole('button', { name: `${place + 1} ${name} (2)`, exact: true }).press('Enter')
  await page
    .getByRole('group', { name: 'Mode', exact: true })
    .getByRole('radio', { name: 'k-shot' })
    .press('Space')
  await page
    .getByRole('group', { name: /^Demonstrations/ })
    .getByRole('radio', { name: '1', exact: true })
    .press('Space')
}

test('two models in three modes are compared on labelled lines by keyboard, and a reload keeps it all', async ({
  browser,
  page,
  watched,
}) => {
  test.setTimeout(120_000)
  await openPage(page)
  await compareOn(page, csv)
  await page.getByRole('button', { name: /^Compare nano and mini/ }).press('Enter')
  await addOneShot(page, 1, 'nano zero-shot')
  await addOneShot(page, 4, 'mini zero-shot')
  await page.keyboard.press('Control+Enter')
  const modes = ['zero-shot', '1-shot, balanced, seed 1', 'fine-tuned']
  const names = ['nano', 'mini'].flatMap((model) => modes.map((mode) => `${model} ${mode}`))
  for (const name of names) await expect(setUp(page, name)).toContainText(`${LINES} in `, { timeout: 60_000 })
  await expect(page.getByRole('row', { name: /^always/ })).toContainText('0.00')

  await page.getByRole('radio', { name: 'By label' }).press('Space')
  const before = await Promise.all(names.map((name) => accuracyOf(page, name)))
  expect(before[5]).toMatch(/^\d+(\.\d)? %/)
  const hits = page.getByRole('button', { name: /gold neutral, nano zero-shot neutral; show them/ })
  const count = Number(await hits.innerText())
  await hits.press('Enter')
  await expect(page.getByText(new RegExp(`^${count} that nano zero-shot calls`))).toBeVisible()

  await page.getByLabel('One text for all set-ups').fill('Profit rose to a record')
  await expect(
    page.getByRole('list', { name: 'Answers to this text' }).getByRole('img', { name: /positive/ }),
  ).toHaveCount(6)
  await page.getByRole('button', { name: /^1 nano zero-shot/ }).press('Enter')
  await expect(page.getByRole('combobox', { name: 'Numbers' })).toBeVisible()

  // What was run stands in the article's table, and shots make a curve.
  await page.getByRole('radio', { name: 'All modes' }).press('Space')
  const article = page.getByRole('region', { name: 'All modes of all models' })
  await expect(article.getByRole('row', { name: /^nano/ })).toContainText('%')
  expect(await violations(page)).toEqual([])
  await page.getByRole('radio', { name: 'Charts' }).press('Space')
  await expect(page.getByRole('img', { name: 'Accuracy by the number of demonstrations' })).toBeVisible()
  await expect(page.getByText(new RegExp(`on ${LINES} texts`)).first()).toBeVisible()

  const report = await savedBy(page, 'Save report as HTML')
  const figures = await savedBy(page, 'Save figures as JSON')
  await page.getByLabel('Saved comparison').setInputFiles({
    ...{ name: 'theirs.json', mimeType: 'application/json' },
    buffer: await readFile(figures),
  })
  const reported = page.getByRole('region', { name: 'Reported in theirs.json' })
  await expect(reported).toContainText(`The same ${LINES} texts, the same gold labels.`)
  await expect(reported.getByText(/^the same weights, labels/)).toHaveCount(6)
  const points = reported
    .getByRole('row', { name: /nano zero-shot/ })
    .getByRole('cell', { name: '0.0', exact: true })
  await expect(points).toHaveCount(2)
  expect(await violations(page)).toEqual([])

  await page.reload()
  await expect(reported).toContainText(`The same ${LINES} texts`)
  for (const name of names) await expect(setUp(page, name)).toContainText(`${LINES} in `)
  expect(await Promise.all(names.map((name) => accuracyOf(page, name)))).toEqual(before)

  await page.context().grantPermissions(['clipboard-read', 'clipboard-write'])
  await page.getByRole('button', { name: 'Copy link to these set-ups' }).press('Enter')
  await expect(page.getByRole('button', { name: 'Copied' })).toBeVisible()
  const link = await page.evaluate(() => navigator.clipboard.readText())
  const elsewhere = await browser.newPage()
  await elsewhere.goto(link)
  for (const name of names) await expect(setUp(elsewhere, name)).toBeVisible()
  expect(new URL(elsewhere.url()).hash).toBe('#compare')
  await elsewhere.close()

  // The report stands by itself: nothing of it is refused by its own policy, and it asks nobody for anything.
  const address = pathToFileURL(report).href
  await page.goto(address)
  await expect(page.getByRole('heading', { name: 'Comparison on gold.csv' })).toBeVisible()
  await expect(page.getByRole('row', { name: /^1 nano zero-shot/ })).toContainText(
    before[0]?.split('\n')[0] ?? '',
  )
  expect(await page.locator('script, link, img, [onclick], [style]').count()).toBe(0)
  expect(await page.evaluate(() => getComputedStyle(document.body).maxWidth)).toBe('1152px')
  expect(await violations(page)).toEqual([])
  expect(watched.foreign.splice(0)).toEqual([address])
})
