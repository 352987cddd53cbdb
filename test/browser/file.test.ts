import { existsSync } from 'node:fs'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Page } from '@playwright/test'
import { parquetWriteBuffer } from 'hyparquet-writer'
import { LONG_MS, longTasksDuring } from '../../scripts/soak/long-tasks'
import { expect, expectFacts, openPage, rows, test, textBox } from './page'

const csv = 'id,text,label\n7,"Profit rose, sales too",bullish\n8,Profit fell,bearish\n9,=1+1,neutral\n'

const openFile = (page: Page, name: string, content: string): Promise<void> =>
  page.getByLabel('File to open').setInputFiles({ name, mimeType: '', buffer: Buffer.from(content) })

test('a file is looked at, classified, and comes out again with its ids, labels and other columns', async ({
  page,
}) => {
  await openPage(page)
  await page
    .getByLabel('File to open')
    .setInputFiles({ name: 'my.csv', mimeType: 'text/csv', buffer: Buffer.from(csv) })
  await expect(page.getByText('a table with commas')).toBeVisible()
  await page.getByRole('button', { name: 'Use these rows' }).click()
  await expect(page.getByText('3 with a gold label')).toBeVisible()
  await page.keyboard.press('Control+Enter')
  await expectFacts(page, '3 of 3')
  await expect(rows(page)).toHaveCount(3)

  // Rows and results are there after a reload, until the file is left.
  await expect(page.getByText('Stored in this browser until you leave the file')).toBeVisible()
  await page.reload()
  await expectFacts(page, '3 of 3')
  await expect(page.getByText('3 with a gold label')).toBeVisible()
  await page.getByRole('button', { name: 'Back to the text' }).click()
  await expect(textBox(page)).toBeVisible()
  await page.reload()
  await expectFacts(page, '3 of 3')
  await expect(textBox(page)).toBeVisible()
  const download = page.waitForEvent('download')
  await page.getByRole('button', { name: 'CSV' }).click()
  const exported = await readFile(await (await download).path(), 'utf8')
  expect(exported.split('\r\n')[0]).toMatch(/,gold,id,label \(file\)$/)
  expect(exported.split('\r\n')[1]).toMatch(/^2,"Profit rose, sales too",.*,positive,7,bullish$/)
  expect(exported.split('\r\n')[3]).toMatch(/^4,'=1\+1,/)

  // What it wrote can be opened again, the escaped text as it was.
  await page
    .getByLabel('File to open')
    .setInputFiles({ name: 'out.csv', mimeType: 'text/csv', buffer: Buffer.from(exported) })
  await expect(page.getByRole('list', { name: 'First texts' })).toContainText(/Profit fell\s*=1\+1/)

  // To classify is to use the file that is looked at.
  await page.keyboard.press('Control+Enter')
  await expect(page.getByRole('button', { name: 'Use these rows' })).toHaveCount(0)
  await expectFacts(page, '3 of 3')
  await expect(rows(page).nth(2)).toContainText('=1+1')
  await expect(page.getByText('out.csv', { exact: true })).toBeVisible()
})

test('a parquet file is read, and the worker that reads it reaches nobody, not even its own origin', async ({
  page,
}) => {
  await openPage(page)
  const columnData = [{ name: 'text', data: ['Profit rose 🚀', 'Profit fell'], type: 'STRING' as const }]
  const buffer = Buffer.from(parquetWriteBuffer({ columnData }))
  await page.getByLabel('File to open').setInputFiles({ name: 'my.parquet', mimeType: '', buffer })
  await expect(page.getByRole('list', { name: 'First texts' })).toContainText('Profit rose 🚀')
  const worker = page.workers().find((candidate) => candidate.url().includes('files.worker'))
  if (!worker) throw new Error('the files worker is not running')
  const attempt = async (url: string): Promise<string> => {
    try {
      return await (await fetch(url)).text()
    } catch (error) {
      return `refused: ${String(error)}`
    }
  }
  expect(await worker.evaluate(attempt, new URL('models/catalogue.json', page.url()).href)).toMatch(
    /^refused/,
  )
})

test('pairs are classified together, shown together, and come out and in again', async ({ page }) => {
  await openPage(page)
  const content =
    'premise,hypothesis\nNorrby Tools reports,Profit rose sharply\n=Norrby Tools reports,Profit fell sharply\n'
  await openFile(page, 'pairs.csv', content)
  await expect(page.getByRole('combobox', { name: 'Pair' })).toHaveValue('hypothesis')
  await page.getByRole('button', { name: 'Use these rows' }).click()
  await page.keyboard.press('Control+Enter')
  await expectFacts(page, '2 of 2')
  await rows(page)
    .first()
    .getByRole('button', { name: /^Norrby Tools reports\s+pair: Profit rose sharply$/ })
    .click()
  await expect(page.getByText('Norrby Tools reports Profit rose sharply sentiment:')).toBeVisible()
  await expect(page.getByRole('group', { name: 'The text and its pair, word by word' })).toContainText('rose')
  const download = page.waitForEvent('download')
  await page.getByRole('button', { name: 'CSV' }).click()
  await openFile(page, 'out.csv', await readFile(await (await download).path(), 'utf8'))
  await expect(page.getByRole('list', { name: 'First texts' })).toContainText('=Norrby Tools reports')
  await expect(page.getByRole('list', { name: 'First pairs' })).toContainText('Profit fell sharply')
})

test('100,000 rows are opened and used without holding the page up, and come back @slow', async ({
  browser,
  page,
}, info) => {
  const path = info.outputPath('large.csv')
  const line = (index: number) =>
    `Company ${index} says its profit rose by ${index % 90} % this year,${index % 3},${index}`
  await mkdir(dirname(path), { recursive: true })
  await writeFile(
    path,
    ['text,label,id', ...Array.from({ length: 100_000 }, (_, index) => line(index))].join('\n'),
  )
  await openPage(page)
  const tasks = await longTasksDuring(browser, page, async () => {
    await page.getByLabel('File to open').setInputFiles(path)
    await page.getByRole('button', { name: 'Use these rows' }).click()
    await expect(page.getByText('100,000 rows', { exact: true })).toBeVisible({ timeout: 30_000 })
    await expect(page.getByText('Stored in this browser until you leave the file')).toBeVisible({
      timeout: 30_000,
    })
  })
  // Twice what the page allows itself: others share this machine's caches and cores.
  expect(tasks.filter(({ cpuMs }) => cpuMs >= 2 * LONG_MS)).toEqual([])
  await page.reload()
  await expect(page.getByText('100,000 rows', { exact: true })).toBeVisible({ timeout: 30_000 })
})

const DATA = new URL('../../../shared/data/', import.meta.url)
const FIQA = [
  'sentence,target,aspect,sentiment_score',
  ...['-0.543', '0.05', '0.374'].map(
    (score, index) => `Sentence ${index} says something,ACME,Stock,${score}`,
  ),
].join('\n')

for (const [name, path, looks, gold, map] of [
  [
    'TFSN',
    'tfsn/sent_valid.csv',
    'Twitter financial news sentiment',
    '2,388',
    { 0: 'negative', 1: 'positive', 2: 'neutral' },
  ],
  [
    'FPB',
    'fpb/Sentences_50Agree.txt',
    'Financial PhraseBank',
    '4,846',
    { neutral: 'neutral', positive: 'positive', negative: 'negative' },
  ],
  ['SST-2', 'glue_sst2/dev.tsv', 'SST-2', '872', { 0: 'negative', 1: 'positive' }],
  [
    'SEntFiN',
    'sentfin/SEntFiN.csv',
    'SEntFiN',
    '9,520',
    { neutral: 'neutral', positive: 'positive', negative: 'negative' },
  ],
  ['FiQA', undefined, 'FiQA', '3', {}],
] as const) {
  const url = path === undefined ? undefined : new URL(path, DATA)
  test.describe(name, () => {
    test.skip(url !== undefined && !existsSync(url), 'the public file is not at hand')

    test(`${name} is recognised, with a label map that can be changed`, async ({ page }) => {
      // What a file is shows before any model does.
      await page.goto('/')
      if (url) await page.getByLabel('File to open').setInputFiles(fileURLToPath(url))
      else await openFile(page, 'fiqa.csv', FIQA)
      await expect(page.getByText(`it looks like ${looks}`)).toBeVisible()
      await expect(page.getByText('may be exchanged')).toBeHidden()
      for (const [label, id] of Object.entries(map))
        await expect(page.getByRole('combobox', { name: `What ${label} means` })).toHaveValue(id)
      if (url === undefined) await expect(page.getByText(/below -0\.1 is negative/)).toBeVisible()
      await page.getByRole('button', { name: 'Use these rows' }).click()
      await expect(page.getByText(`${gold} with a gold label`)).toBeVisible()
    })
  })
}

test('rows of SST-2 without a label stay without one', async ({ page }) => {
  await openPage(page)
  await openFile(page, 'test.tsv', 'sentence\tlabel\nan uneasy mash\t-1\na fine film\t1\n')
  await expect(page.getByText('it looks like SST-2')).toBeVisible()
  await expect(page.getByRole('combobox', { name: 'What -1 means' })).toHaveValue('')
  await page.getByRole('button', { name: 'Use these rows' }).click()
  await expect(page.getByText('1 with a gold label')).toBeVisible()
})
