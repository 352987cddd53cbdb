import { describe, expect, it } from 'vitest'
import { composePage } from '../support/compose-page'
import { shownRows } from '../support/shown-rows'
import { textOfBlob } from '../support/text-of-blob'

const MANY = Array.from({ length: 300 }, (_, place) => `Line ${place}`).join('\n')

describe('an export', () => {
  it('holds the rows as they are shown, whichever form it has', async () => {
    const page = await composePage()
    await page.start()
    page.view.sortBy('least sure')
    page.view.show({ kind: 'label', labelId: 'positive' })
    const texts = shownRows(page).map(({ text }) => text)
    const jsonl = await textOfBlob(await page.exports.make('jsonl'))
    const rows = jsonl.trim().split('\n')
    expect(rows.map((row) => (JSON.parse(row) as { text: string }).text)).toEqual(texts)
    const csv = await textOfBlob(await page.exports.make('csv'))
    expect(csv.split('\r\n')).toHaveLength(texts.length + 2)
    const columns = await textOfBlob(await page.exports.make('columns'))
    expect(columns.split('\n')[0]).toMatch(/^positive\t0\.\d{4}\t/)
  })

  it('takes turns, tells how far it is, and is of the moment it was asked for', async () => {
    let ms = 0
    const page = await composePage({ now: () => (ms += 5) })
    page.input.write(MANY)
    await page.classify()
    const making = page.exports.make('csv')
    expect(page.exports.share).toBe(0)
    expect(await page.exports.make('jsonl')).toBeUndefined()
    page.view.search('Line 7')
    const csv = await textOfBlob(await making)
    expect(page.exports.share).toBeUndefined()
    expect(csv.split('\r\n')).toHaveLength(302)
  })

  it('works in the middle of a run', async () => {
    const page = await composePage({ delayMs: 2 })
    page.input.write(MANY)
    const running = page.classify()
    await expect.poll(() => page.run.shown?.count).toBeGreaterThan(2)
    const count = page.run.shown?.count ?? 0
    const csv = await textOfBlob(await page.exports.make('csv'))
    expect(page.run.isRunning).toBe(true)
    expect(csv.split('\r\n')).toHaveLength(count + 2)
    page.run.stop()
    await running
  })

  it('is nothing where there are no results', async () => {
    expect(await (await composePage()).exports.make('csv')).toBeUndefined()
  })
})
