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
    page.view.search('Line 7')
    const csv = await textOfBlob(await making)
    expect(page.exports.share).toBeUndefined()
    expect(csv.split('\r\n')).toHaveLength(302)
  })

  it('waits for one that is under way', async () => {
    let ms = 0
    const page = await composePage({ now: () => (ms += 5) })
    page.input.write(MANY)
    await page.classify()
    const kinds = ['csv', 'columns', 'jsonl'] as const
    const made = await Promise.all(kinds.map((kind) => page.exports.make(kind)))
    const lines = await Promise.all(
      made.map(async (blob) => (await textOfBlob(blob)).trim().split('\n').length),
    )
    expect(lines).toEqual([301, 300, 300])
  })

  it('waits for the search, so that it holds all rows found', async () => {
    let ms = 0
    const page = await composePage({ now: () => (ms += 5) })
    page.input.write(Array.from({ length: 300 }, (_, place) => `Line ${place % 10}`).join('\n'))
    await page.classify()
    page.view.search('Line 7')
    expect(page.view.isSearching).toBe(true)
    const columns = await textOfBlob(await page.exports.make('columns'))
    expect(columns.trim().split('\n')).toHaveLength(30)
  })

  it('keeps a row in its line and a pair in a column of its own when it is copied', async () => {
    const page = await composePage()
    const lines = [
      { line: 1, text: 'one\r\n\ttwo', pair: 'three\nfour' },
      { line: 2, text: 'alone' },
    ]
    page.input.useFile({ name: 'a.jsonl', lines, skipped: 0, unreadableRows: 0 })
    await page.classify()
    const columns = await textOfBlob(await page.exports.make('columns'))
    expect(columns.split('\n').map((row) => row.split('\t').slice(2))).toEqual([
      ['one two', 'three four'],
      ['alone', ''],
      [],
    ])
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
