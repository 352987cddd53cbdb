import { longTasksDuring, tasksInWords } from '../../scripts/soak/long-tasks'
import { painted } from '../../scripts/soak/controls'
import { expect, openPage, test } from './page'

const COUNT = 50_000
const LABELS = ['negative', 'neutral', 'positive'] as const
/** A task of the page may compute so long while 50,000 answers of two systems are scrolled. */
const LIMIT_MS = 100

const textOf = (row: number): string => `Company ${row} says its profit rose by ${row % 90} % this year`
const labelOf = (row: number, everyNth: number): string =>
  LABELS[(row + (row % everyNth === 0 ? 1 : 0)) % LABELS.length] ?? ''
const fileOf = (name: string, column: string, everyNth: number) => ({
  name,
  mimeType: 'text/csv',
  buffer: Buffer.from(
    [
      `text,${column}`,
      ...Array.from({ length: COUNT }, (_, row) => `${textOf(row)},${labelOf(row, everyNth)}`),
    ].join('\n'),
  ),
})

test('50,000 answers of two systems are scrolled without holding the page up @slow', async ({
  browser,
  page,
}) => {
  test.setTimeout(180_000)
  await openPage(page)
  await page.getByLabel('File to open').setInputFiles(fileOf('gold.csv', 'label', COUNT))
  await page.getByRole('button', { name: 'Use these rows' }).click()
  await expect(page.getByText('50,000 rows', { exact: true })).toBeVisible({ timeout: 30_000 })
  await page.getByRole('link', { name: 'Compare' }).click()
  for (const [name, everyNth] of [
    ['one', 3],
    ['other', 5],
  ] as const) {
    await page.getByLabel('File of answers').setInputFiles(fileOf(`${name}.csv`, 'prediction', everyNth))
    await expect(page.getByRole('row', { name: new RegExp(`\\d ${name}`) })).toContainText('%', {
      timeout: 30_000,
    })
  }
  await page.getByRole('group', { name: 'Texts shown' }).getByRole('radio', { name: /^all/ }).check()
  await page.locator('[aria-posinset="1"]').hover()
  const tasks = await longTasksDuring(browser, page, async () => {
    for (let turn = 0; turn < 60; turn += 1) {
      await page.mouse.wheel(0, turn % 10 === 9 ? 100_000 : 1500)
      await painted(page)
    }
  })
  await expect(page.locator('[aria-posinset="1"]')).toHaveCount(0)
  const told = tasksInWords(tasks)
  test.info().annotations.push({ type: 'long tasks', description: told })
  expect(
    tasks.filter(({ cpuMs }) => cpuMs >= LIMIT_MS),
    told,
  ).toEqual([])
})
