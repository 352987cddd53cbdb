import { beforeEach, describe, expect, it } from 'vitest'
import type { Smallcap } from '../../src/state/smallcap.svelte'
import { composePage } from '../support/compose-page'

let page: Smallcap

beforeEach(async () => {
  page = await composePage()
  await page.start()
})

describe('ResultsView', () => {
  it('sorts, filters and searches what the run has', () => {
    const { view } = page
    view.sortBy('least sure')
    const shares = view.rows.map(({ probability }) => probability)
    expect(shares).toEqual([...shares].sort((a, b) => a - b))
    view.show({ kind: 'label', labelId: 'negative' })
    expect(view.rows.every(({ labelId }) => labelId === 'negative')).toBe(true)
    expect(view.rows).toHaveLength(view.counts.perLabel.get('negative') ?? -1)
    view.show({ kind: 'all' })
    view.search('  KESTREL ')
    expect(view.rows.map(({ text }) => text)).toEqual([expect.stringContaining('Kestrel')])
  })

  it('moves the keyboard within the rows shown', () => {
    const { view } = page
    expect(view.move(1)).toBe(1)
    expect(view.move(100)).toBe(view.rows.length - 1)
    expect(view.move(-100)).toBe(0)
    view.search('nothing has this in it')
    expect(view.move(1)).toBe(-1)
  })

  it('stays on its row when the order changes', () => {
    const { view } = page
    view.activate(3)
    view.sortBy('most sure')
    expect(view.rows[view.activePlace]?.index).toBe(3)
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

  it('makes a row once: an untouched one is the same object under another threshold', () => {
    const { view } = page
    const sure = view.all.find(({ probability }) => probability > 0.9)
    page.settings.change({ threshold: 0.8 })
    expect(view.all.find(({ index }) => index === sure?.index)).toBe(sure)
  })
})
