import { readFile } from 'node:fs/promises'
import { storedRows } from '../../scripts/soak/faults/storage'
import { expect, expectFacts, footer, openPage, paste, rows, test, textBox } from './page'

const LINES = Array.from(
  { length: 2000 },
  (_, place) =>
    `Company ${place} reports a ${place % 2 ? 'higher' : 'lower'} profit of ${place} million for the year`,
)

/** What the first visit has stored before. */
const SAMPLE_ROWS = 12

test.beforeEach(async ({ page }) => {
  await openPage(page)
  await textBox(page).focus()
  await paste(page, LINES.join('\n'))
  await page.keyboard.press('Control+Enter')
  await expectFacts(page, 'of 2,000')
})

test('a run says how far it is, stops on Escape, and goes on where it stopped', async ({ page }) => {
  await expect(page.getByRole('progressbar', { name: 'Texts classified' })).toBeVisible()
  await expect(page.getByText(/^[\d.]+\/s$/).first()).toBeVisible()
  await expect(page.getByText(/^\d+ (s|min) left$/)).toBeVisible()
  await page.keyboard.press('Escape')
  await expect(page.getByText(/Stopped; [\d,]+ of 2,000 results were kept\./)).toBeVisible({ timeout: 3000 })
  await page.getByRole('button', { name: /^Continue with the [\d,]+ lines left$/ }).click()
  await expectFacts(page, '2,000 of 2,000', 50_000)
})

test('when the engine dies its results are kept, it is started again, and the rest can be classified @slow', async ({
  page,
}) => {
  const worker = page.workers().find((candidate) => candidate.url().includes('engine.worker'))
  await worker?.evaluate(() => self.close())
  await expect(page.getByRole('alert')).toContainText(
    /The engine stopped; [\d,]+ of 2,000 results were kept\./,
  )
  await expect(page.getByRole('button', { name: /^Engine:.*ready$/ })).toBeVisible({ timeout: 20_000 })
  await page.getByRole('button', { name: /^Continue with/ }).click()
  await expectFacts(page, '2,000 of 2,000', 50_000)
  await page.keyboard.press('j')
  await expect(rows(page).first()).toContainText('Company 0')
})

test('a run is held by a key, is still held after a reload, and goes on from the next line', async ({
  page,
}) => {
  await expect(page.getByRole('group', { name: /^Pasted text/ })).toBeFocused()
  await page.keyboard.press('p')
  await expect(page.getByText(/^Paused at [\d,]+ of 2,000$/)).toBeVisible()
  const paused = await footer(page).innerText()
  const [download] = await Promise.all([page.waitForEvent('download'), page.keyboard.press('e')])
  const csv = await readFile(await download.path(), 'utf8')
  const rowsExported = csv.trim().split('\r\n').length - 1
  expect(paused.startsWith(`${rowsExported.toLocaleString('en-US')} of 2,000`)).toBe(true)

  await page.reload()
  await expect(page.getByText(/^Paused at [\d,]+ of 2,000$/)).toBeVisible()
  // What the format costs is known once the model is there again.
  await expect.poll(() => footer(page).innerText()).toBe(paused)
  await page.getByRole('button', { name: 'Resume P' }).click()
  await expectFacts(page, '2,000 of 2,000', 50_000)
  await expect(page.getByText(/^takes about \d+ s$/)).toBeVisible()
})

test('a run that a reload cuts short says so and offers the lines left @slow', async ({ page }) => {
  // Every two seconds what is there is stored.
  await expect.poll(() => storedRows(page), { timeout: 20_000 }).toBeGreaterThan(SAMPLE_ROWS)
  await page.reload()
  await expect(page.getByText(/Interrupted; [\d,]+ of 2,000 results were kept\./)).toBeVisible()
  await page.getByRole('button', { name: /^Continue with the [\d,]+ lines left$/ }).click()
  await expectFacts(page, '2,000 of 2,000', 50_000)
})

test('only the rows in sight are in the page @slow', async ({ page }) => {
  await expectFacts(page, '2,000 of 2,000', 50_000)
  expect(await rows(page).count()).toBeLessThan(80)
  await page.getByRole('combobox', { name: 'Sort' }).selectOption('least sure')
  await expect(rows(page).first()).toHaveAttribute('aria-setsize', '2000')
})
