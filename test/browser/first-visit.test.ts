import { expect, expectFacts, openPage, rows, test } from './page'

test('a newcomer sees real predictions without a click, and how they were made', async ({ page }) => {
  await openPage(page)
  await expect(rows(page)).toHaveCount(12)
  await expectFacts(page, /nano\s+fine-tuned with finance, int8, WASM\s+\d+\s+threads?/)
  const profit = rows(page).filter({ hasText: 'Norrby Tools raises full-year profit forecast' })
  await expect(profit).toContainText('positive')
  await expect(profit.getByRole('img')).toHaveAccessibleName(
    /^negative 0\.\d\d, neutral 0\.\d\d, positive 0\.\d\d, margin 0\.\d\d, [\d.]+ milliseconds$/,
  )
  await expect(page.getByText('Examples written for this page')).toBeVisible()
  await expect(page.getByText('Runs on this device; nothing is sent')).toBeVisible()
})

test('a row opens in place: what mattered, the prompt, its tokens, the scores', async ({ page }) => {
  await openPage(page)
  const row = rows(page).filter({ hasText: 'down 12% premarket' })
  await row
    .getByRole('button', { name: /down 12% premarket/ })
    .first()
    .click()
  await expect(
    row.getByText(/Without .+, negative goes from\s+0\.\d\d to 0\.\d\d\s+\([+−]\d\.\d\d\)\./),
  ).toBeVisible()
  await expect(row.getByRole('list', { name: 'Prompt tokens' }).getByRole('listitem').last()).toHaveText(
    '</s>',
  )
  await expect(row.getByText(/^\$HLDNX .* sentiment:$/)).toBeVisible()
  await expect(row.getByRole('list', { name: 'Tokens of positive' })).toContainText('positive')
  const scores = row.getByRole('table', { name: 'Scores per label' })
  const shares = await scores.locator('tbody td.number:not(.soft)').allInnerTexts()
  expect(shares).toHaveLength(3)
  expect(shares.reduce((sum, share) => sum + Number(share), 0)).toBeCloseTo(1, 2)
})

test('an unreadable line and one that is cut are marked, and can be shown alone', async ({ page }) => {
  await openPage(page)
  const long = Array.from({ length: 200 }, (_, place) => `word${place}`).join(' ')
  await page
    .getByRole('textbox', { name: 'Text, one per line' })
    .fill(`你好 世界 这是 中文\n${long}\nProfit rose.`)
  await page.keyboard.press('Control+Enter')
  await expectFacts(page, '3 of 3')
  await page.getByRole('radio', { name: /cannot read/ }).check()
  await expect(rows(page)).toHaveCount(1)
  await expect(rows(page)).toContainText('你好')
  await page.getByRole('radio', { name: /^cut/ }).check()
  await expect(rows(page)).toHaveCount(1)
  await expect(rows(page)).toContainText('word0')
})
