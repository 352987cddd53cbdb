import { beforeEach, describe, expect, it } from 'vitest'
import type { Smallcap } from '../../src/state/smallcap.svelte'
import { composePage } from '../support/compose-page'
import { shownRows } from '../support/shown-rows'

let page: Smallcap

beforeEach(async () => {
  page = await composePage()
  await page.start()
})

describe('ResultsView', () => {
  it('sorts, filters and searches what the run has', () => {
    const { view } = page
    view.sortBy('least sure')
    const shares = shownRows(page).map(({ probability }) => probability)
    expect(shares).toEqual([...shares].sort((a, b) => a - b))
    view.show({ kind: 'label', labelId: 'negative' })
    expect(shownRows(page).every(({ labelId }) => labelId === 'negative')).toBe(true)
    expect(view.positions).toHaveLength(view.counts.perLabel.get('negative') ?? -1)
    view.show({ kind: 'all' })
    view.search('  KESTREL ')
    expect(shownRows(page).map(({ text }) => text)).toEqual([expect.stringContaining('Kestrel')])
  })

  it('moves the keyboard within the rows shown', () => {
    const { view } = page
    expect(view.move(1)).toBe(1)
    expect(view.move(100)).toBe(view.positions.length - 1)
    expect(view.move(-100)).toBe(0)
    view.search('nothing has this in it')
    expect(view.move(1)).toBe(-1)
  })

  it('stays on its row when the order changes', () => {
    const { view } = page
    view.activate(3)
    view.sortBy('most sure')
    expect(view.positions[view.activePlace]).toBe(3)
  })

  it('closes rows when other results come', async () => {
    const { view } = page
    view.toggle(2)
    expect(view.isOpen(2)).toBe(true)
    page.input.write('a\nb\nc')
    await page.classify()
    expect(view.isOpen(2)).toBe(false)
    view.toggle(1)
    expect([view.isOpen(1), view.isOpen(2)]).toEqual([true, false])
  })

  it('follows the threshold', () => {
    const { view } = page
    view.show({ kind: 'not sure' })
    page.settings.change({ threshold: 0.8 })
    const unsure = shownRows(page)
    expect(unsure.length).toBe(view.counts.notSure)
    expect(unsure.every(({ probability, isUncertain }) => isUncertain && probability < 0.8)).toBe(true)
    page.settings.change({ threshold: 0 })
    expect(view.positions).toEqual([])
  })
})

describe('a search over many long texts', () => {
  it('finds in turns what a search at once would find', async () => {
    const lines = Array.from(
      { length: 600 },
      (_, place) => `Line ${place} ${place % 7 === 0 ? 'JACKPOT' : ''}`,
    )
    // A clock that says after each look that the turn is over.
    let ms = 0
    const page = await composePage({ now: () => (ms += 100) })
    page.input.write(lines.join('\n'))
    await page.classify()
    page.view.search('jackpot')
    expect(page.view.isSearching).toBe(true)
    expect(page.view.positions.length).toBeLessThan(86)
    await expect.poll(() => page.view.isSearching).toBe(false)
    expect(page.view.positions).toEqual(lines.flatMap((_, place) => (place % 7 === 0 ? [place] : [])))
  })
})

describe('the order of a run under way', () => {
  it('is made anew once a second, and at the end', async () => {
    const clock = { ms: 0 }
    // Time for more results, and not for another order.
    const page = await composePage({ now: () => (clock.ms += 0.1), delayMs: 4 })
    page.view.sortBy('least sure')
    page.input.write(Array.from({ length: 150 }, (_, place) => `Line ${place}`).join('\n'))
    const ended = page.classify()
    await expect.poll(() => page.run.shown?.count).toBeGreaterThan(1)
    const early = page.view.positions
    await expect.poll(() => page.run.shown?.count).toBeGreaterThan(early.length + 2)
    expect(page.view.positions).toBe(early)
    clock.ms += 1000
    await expect.poll(() => page.view.positions.length).toBeGreaterThan(early.length)
    await ended
    expect(page.view.positions).toHaveLength(150)
    const shares = shownRows(page).map(({ probability }) => probability)
    expect(shares).toEqual([...shares].sort((a, b) => a - b))
  })
})
