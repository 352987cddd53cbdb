import { expect, expectFacts, openPage, paste, rows, test, textBox } from './page'

const LINES = Array.from(
  { length: 2000 },
  (_, place) =>
    `Company ${place} reports a ${place % 2 ? 'higher' : 'lower'} profit of ${place} million for the year`,
)

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

test('when the engine dies its results are kept, it is started again, and the rest can be classified', async ({
  page,
}) => {
  const worker = page.workers().find((candidate) => candidate.url().includes('engine.worker'))
  await worker?.evaluate(() => self.close())
  await expect(page.getByRole('alert')).toContainText(
    /The engine stopped and was restarted; [\d,]+ of 2,000 results were kept\./,
  )
  await expect(page.getByRole('button', { name: /^Engine:.*ready$/ })).toBeVisible()
  await page.getByRole('button', { name: /^Continue with/ }).click()
  await expectFacts(page, '2,000 of 2,000', 50_000)
  await page.keyboard.press('j')
  await expect(rows(page).first()).toContainText('Company 0')
})

test('only the rows in sight are in the page', async ({ page }) => {
  await expectFacts(page, '2,000 of 2,000', 50_000)
  expect(await rows(page).count()).toBeLessThan(80)
  await page.getByRole('combobox', { name: 'Sort' }).selectOption('least sure')
  await expect(rows(page).first()).toHaveAttribute('aria-setsize', '2000')
})
