import { readFile } from 'node:fs/promises'
import type { Page } from '@playwright/test'
import { linkTo } from '../../src/state/compare/setup-link'
import type { SetupChoice } from '../../src/storage/compare-record'
import { compareOn, csvOf, setUp } from './compare-page'
import { expect, openPage, test } from './page'
import { crash } from './store-page'

const LINES = 300
const NANO: SetupChoice = {
  ...{ model: 'smallcap-t5-nano', mode: 'fine-tuned', adapter: null },
  ...{ k: 5, policy: 'balanced', seed: 1, template: 'project', numberFormat: null },
}
/** Slow enough to be killed on the way, and with numbers that do not depend on which texts share a batch. */
const MINI: SetupChoice = { ...NANO, model: 'smallcap-t5-mini', numberFormat: 'fp32' }

/** How long each answered text of each set-up took, by the id of the run; a text that is asked again takes another time. */
const storedTimes = (page: Page): Promise<Record<string, number[]>> =>
  page.evaluate(async () => {
    const settled = <T>(request: IDBRequest<T>): Promise<T> =>
      new Promise((resolve, reject) => {
        request.onsuccess = () => resolve(request.result)
        request.onerror = () => reject(new Error('the database refused'))
      })
    const database = await settled(indexedDB.open('smallcap-workspace'))
    const records = database.transaction('records').objectStore('records')
    const values = await settled<unknown[]>(
      records.getAll(IDBKeyRange.bound('compare/run/', 'compare/run/\uffff')),
    )
    database.close()
    const times: Record<string, number[]> = {}
    for (const value of values) {
      if (typeof value !== 'object' || !value) continue
      if (!('milliseconds' in value) || !(value.milliseconds instanceof Float64Array)) continue
      if ('runId' in value && typeof value.runId === 'string') times[value.runId] = [...value.milliseconds]
    }
    return times
  })

test('a tab that is killed while the second set-up runs goes on where it was, and ends as one that was left alone @slow', async ({
  page,
  context,
  baseURL,
}) => {
  test.setTimeout(120_000)
  await openPage(page)
  await compareOn(page, csvOf(LINES))
  await page.goto(linkTo([NANO, MINI], undefined, baseURL ?? ''))
  await expect(setUp(page, 'mini fine-tuned, fp32')).toBeVisible()
  await page.keyboard.press('Control+Enter')
  await expect
    .poll(async () => Object.keys(await storedTimes(page)).length, { timeout: 60_000, intervals: [100] })
    .toBe(2)
  await crash(page)

  const tab = await context.newPage()
  await tab.goto('/#compare')
  await expect(setUp(tab, 'nano fine-tuned')).toContainText(`${LINES} in `)
  await expect(setUp(tab, 'mini fine-tuned, fp32')).toContainText(`of ${LINES}`)
  const before = await storedTimes(tab)
  const kept = Object.values(before).map(({ length }) => length)
  expect(Math.max(...kept)).toBe(LINES)
  expect(Math.min(...kept)).toBeGreaterThan(0)
  expect(Math.min(...kept)).toBeLessThan(LINES)
  // What the heap takes is measured in engines of their own, and is none of the page's.
  await tab.getByRole('radio', { name: 'Charts' }).press('Space')
  await tab.getByRole('group', { name: 'Cost' }).getByRole('radio', { name: 'memory' }).press('Space')
  await tab.getByRole('button', { name: 'Measure memory' }).press('Enter')
  const memory = tab.locator('figure', { hasText: 'Accuracy against memory' })
  const heapOf = async (name: string): Promise<number> => {
    const cell = memory
      .getByRole('row', { name, includeHidden: true })
      .getByRole('cell', { includeHidden: true })
    return Number.parseFloat((await cell.first().textContent()) ?? '')
  }
  await expect.poll(() => heapOf('2 mini'), { timeout: 60_000 }).toBeGreaterThan(0)
  const [small, large] = [await heapOf('1 nano'), await heapOf('2 mini')]
  // The runtime's own 16.8 MB, and weights of 1 MB in 8-bit and 20 MB in 32-bit numbers.
  expect(small).toBeGreaterThan(16.7)
  expect(large).toBeGreaterThan(small)
  expect(large).toBeLessThan(100)

  await tab.getByRole('button', { name: 'Go on with mini fine-tuned, fp32' }).press('Enter')
  await expect(setUp(tab, 'mini fine-tuned, fp32')).toContainText(`${LINES} in `, { timeout: 60_000 })
  const after = await storedTimes(tab)
  expect(Object.keys(after)).toEqual(Object.keys(before))
  for (const [run, times] of Object.entries(before)) {
    expect(after[run]).toHaveLength(LINES)
    expect(after[run]?.slice(0, times.length)).toEqual(times)
  }

  await tab.getByRole('button', { name: '2 mini fine-tuned, fp32', exact: true }).press('Enter')
  await tab.getByRole('button', { name: 'Duplicate' }).press('Enter')
  await tab.getByRole('button', { name: 'Run mini fine-tuned, fp32 (2)' }).press('Enter')
  await expect(setUp(tab, 'mini fine-tuned, fp32 (2)')).toContainText(`${LINES} in `, { timeout: 60_000 })
  const [download] = await Promise.all([
    tab.waitForEvent('download'),
    tab.getByRole('button', { name: 'Save answers as CSV' }).press('Enter'),
  ])
  const [, ...rows] = (await readFile(await download.path(), 'utf8')).trim().split('\r\n')
  expect(rows).toHaveLength(LINES)
  const answers = rows.map((row) => row.split(',').slice(-4))
  for (const [answer, probability, alone, its] of answers) {
    expect(answer).toBe(alone)
    expect(Number(probability)).toBeCloseTo(Number(its), 4)
  }
})
