import { describe, expect, it } from 'vitest'
import { composePage } from '../support/compose-page'
import { shownRows } from '../support/shown-rows'
import { MemoryStore } from '../support/memory-store'

const LARGE = Array.from({ length: 3000 }, (_, place) => (place === 1 ? '' : ` line ${place} `)).join('\r\n')

describe('a large text', () => {
  it('is read in turns and classified once it is read', async () => {
    let ms = 0
    const page = await composePage({ now: () => (ms += 100) })
    page.input.take(LARGE)
    expect([page.input.isLarge, page.input.isReading, page.input.lines.length]).toEqual([true, true, 0])
    expect(page.canClassify).toBe(true)
    await page.classify()
    expect(page.input.lines).toHaveLength(2999)
    expect(page.input.lines[1]).toEqual({ line: 3, text: 'line 2' })
    expect(shownRows(page)).toHaveLength(2999)
    expect(page.changedSince).toEqual([])
  })

  it('gives way to the one that is taken after it', async () => {
    const page = await composePage()
    page.input.take(LARGE)
    page.input.take('short')
    await page.input.settled
    expect(page.input.lines.map(({ text }) => text)).toEqual(['short'])
    expect([page.input.isLarge, page.input.isReading]).toEqual([false, false])
  })

  it('keeps the text it took the place of within reach', async () => {
    const page = await composePage()
    page.input.write('my own words')
    page.input.take(LARGE)
    page.input.take(`${LARGE} and more`)
    expect(page.input.before).toBe('my own words')
    page.input.bringBack()
    expect(page.input.text).toBe('my own words')
    expect([page.input.isLarge, page.input.before]).toEqual([false, undefined])
  })

  it('can be brought back after it was cleared away', async () => {
    const page = await composePage()
    page.input.take(LARGE)
    page.input.clear()
    expect([page.input.text, page.input.isLarge]).toEqual(['', false])
    page.input.bringBack()
    expect([page.input.text, page.input.isLarge, page.input.before]).toEqual([LARGE, true, undefined])
    page.input.clear()
    page.input.useSample()
    expect(page.input.before).toBeUndefined()
  })

  it('comes back as large after a reload, but typing never leaves the text box', async () => {
    const store = new MemoryStore()
    const page = await composePage({ store })
    page.input.write(LARGE)
    expect(page.input.isLarge).toBe(false)
    await expect.poll(() => store.records.has('text')).toBe(true)
    const next = await composePage({ store })
    expect(next.input.isLarge).toBe(true)
    await next.input.settled
    expect(next.input.lines).toHaveLength(2999)
  })
})
