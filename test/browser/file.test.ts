import { readFile } from 'node:fs/promises'
import { parquetWriteBuffer } from 'hyparquet-writer'
import { expect, expectFacts, openPage, rows, test, textBox } from './page'

const csv = 'id,text,label\n7,"Profit rose, sales too",bullish\n8,Profit fell,bearish\n9,=1+1,neutral\n'

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

  // Results keep what came from the file over a reload, which gives the text back.
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
