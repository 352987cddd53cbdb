import { describe, expect, it, vi } from 'vitest'
import type { Labelling } from '../../../src/state/labelling/labelling.svelte'
import { composePage, type PageOptions } from '../../support/compose-page'
import { fakeScore } from '../../support/fake-engine'
import { MemoryStore } from '../../support/memory-store'
import { tabChannels } from '../../support/tab-channel'

const LINES = ['up', 'down', 'flat', 'up again'].map((text, place) => ({ line: place + 1, text }))

/** A tab on the project that lies in `store`. */
async function visit(options: PageOptions = {}) {
  const store = options.store ?? new MemoryStore()
  const smallcap = await composePage({ ...options, store })
  const labelling = await smallcap.desk.open()
  return { labelling, store }
}

const labels = (labelling: Labelling) =>
  labelling.items.all.map((_, place) => labelling.annotationAt(place)?.labelId)

/** How far the fake engine's most probable label is ahead, and which it is. */
function answer(text: string) {
  const { probabilities } = fakeScore(text, 0)
  const [first = 0, second = 0] = probabilities.toSorted((a, b) => b - a)
  const labelId = ['negative', 'neutral', 'positive'][probabilities.indexOf(first)] ?? ''
  return { margin: first - second, labelId }
}

describe('labelling', () => {
  it('labels the item and shows the next one once the label is stored', async () => {
    const { labelling, store } = await visit()
    await labelling.add(LINES)
    expect(labelling.item?.text).toBe('up')
    const labelled = labelling.label('positive')
    expect(labelling.item?.text).toBe('up')
    await labelled
    expect(labelling.item?.text).toBe('down')
    expect([...store.records.keys()].filter((key) => key.startsWith('label/event/'))).toHaveLength(1)
    expect(labelling.counts).toEqual({ all: 4, labelled: 1, skipped: 0, flagged: 0, toDo: 3 })
  })

  it('knows a label that was renamed since it was given by its old name, which stays stored', async () => {
    const { labelling, store } = await visit()
    await labelling.add(LINES)
    await labelling.label('positive')
    const smallcap = await composePage({ store })
    const renamed = [
      { id: 'bullish', words: 'bullish', aliases: ['positive'] },
      { id: 'negative', words: 'negative', aliases: [] },
    ]
    await smallcap.project.change({ task: { template: '{text} sentiment:', labels: renamed } })
    const again = await smallcap.desk.open()
    expect(labels(again)).toEqual(['bullish', undefined, undefined, undefined])
    expect(again.files.labelledItems).toMatchObject([{ text: 'up', goldId: 'bullish' }])
    expect(smallcap.desk.counts).toEqual(new Map([['bullish', 1]]))
    expect(again.log.events).toMatchObject([{ change: { labelId: 'positive' } }])
  })

  it('takes fast keys one after another, each for the item that the one before brought up', async () => {
    const { labelling } = await visit()
    await labelling.add(LINES)
    await Promise.all([labelling.label('positive'), labelling.label('negative'), labelling.skip()])
    expect(labels(labelling)).toEqual(['positive', 'negative', undefined, undefined])
    expect(labelling.item?.text).toBe('up again')
    expect(labelling.counts.skipped).toBe(1)
  })

  it('takes steps and labels in the order of their keys', async () => {
    const { labelling } = await visit()
    await labelling.add(LINES)
    await Promise.all([
      labelling.label('positive'),
      labelling.move(-1),
      labelling.label('negative'),
      labelling.flag(),
    ])
    expect(labels(labelling)).toEqual(['negative', undefined, undefined, undefined])
    expect([0, 1].map((place) => labelling.annotationAt(place)?.isFlagged)).toEqual([false, true])
  })

  it('undoes and redoes over a reload, and goes back to the item', async () => {
    const { labelling, store } = await visit()
    await labelling.add(LINES)
    for (const label of ['positive', 'negative', 'neutral']) await labelling.label(label)
    const { labelling: again } = await visit({ store })
    expect(again.item?.text).toBe('up again')
    await again.undo()
    await again.undo()
    expect(again.item?.text).toBe('down')
    expect(labels(again)).toEqual(['positive', undefined, undefined, undefined])
    await again.redo()
    expect(labels(again)).toEqual(['positive', 'negative', undefined, undefined])
    expect(again.canRedo).toBe(true)
  })

  it('keeps the order of two hands of one tab, though the clock stands still or is set back', async () => {
    const { labelling, store } = await visit()
    await labelling.add(LINES)
    const clock = vi.spyOn(Date, 'now').mockReturnValue(1_700_000_000_000)
    for (const annotator of ['me', 'ben', 'ann']) {
      labelling.change({ annotator })
      for (const item of [0, 1, 2, 3]) {
        labelling.queue.go(item)
        await labelling.label('positive')
      }
      clock.mockReturnValue(1_600_000_000_000)
    }
    clock.mockRestore()
    expect(labelling.log.journal.annotators).toEqual(['me', 'ben', 'ann'])
    const { labelling: again } = await visit({ store })
    expect(again.log.journal.annotators).toEqual(['me', 'ben', 'ann'])
  })

  it('goes on behind a label whose tab died before it could store that it went on', async () => {
    const { labelling, store } = await visit()
    await labelling.add(LINES)
    const before = structuredClone(store.records.get('label/setup'))
    await labelling.label('positive')
    await Promise.resolve()
    store.records.set('label/setup', before)
    const { labelling: again } = await visit({ store })
    expect(again.item?.text).toBe('down')
  })

  it('says that a label was not stored, and neither gives it nor goes on', async () => {
    const { labelling, store } = await visit()
    await labelling.add(LINES)
    store.isRefusing = true
    await labelling.label('positive')
    expect(labelling.trouble).toMatch(/refused to store this label, so it was not given/)
    expect(labelling.item?.text).toBe('up')
    expect(labels(labelling)[0]).toBeUndefined()
    store.isRefusing = false
    await labelling.label('positive')
    expect(labelling.trouble).toBeUndefined()
    expect(labels(labelling)[0]).toBe('positive')
  })

  it('sees what another tab does, and both tabs keep everything', async () => {
    const store = new MemoryStore()
    const openChannel = tabChannels()
    const one = (await visit({ store, openChannel })).labelling
    await one.add(LINES)
    const two = (await visit({ store, openChannel })).labelling
    one.queue.go(0)
    two.queue.go(1)
    await Promise.all([one.label('positive'), two.label('negative')])
    await Promise.resolve()
    expect(labels(one)).toEqual(['positive', 'negative', undefined, undefined])
    expect(labels(two)).toEqual(labels(one))
    expect(one.log.fromOtherTabs).toBe(1)
    const { labelling: later } = await visit({ store })
    expect(labels(later)).toEqual(labels(one))
  })

  it('adds texts once, in this visit and in another', async () => {
    const { labelling, store } = await visit()
    await labelling.add(LINES)
    const { labelling: again } = await visit({ store })
    expect(await again.add([...LINES, { line: 5, text: 'new' }])).toEqual({
      kind: 'added',
      items: 1,
      duplicates: 4,
    })
    const { labelling: third } = await visit({ store })
    expect(third.items.all.map(({ text }) => text)).toEqual(['up', 'down', 'flat', 'up again', 'new'])
  })

  it('hides suggestions in blind mode, keeps them with the label otherwise, and goes by doubt where asked', async () => {
    const { labelling, store } = await visit()
    await labelling.add(LINES)
    await labelling.suggestions.ask()
    expect(labelling.suggestions.count).toBe(4)
    labelling.change({ order: 'least certain' })
    const byDoubt = LINES.map(({ text }) => text).toSorted((a, b) => answer(a).margin - answer(b).margin)
    expect(labelling.queue.order.map((place) => LINES[place]?.text)).toEqual(byDoubt)
    labelling.queue.go(labelling.queue.order[0] ?? -1)
    expect(labelling.suggestion).toBeUndefined()
    await labelling.accept()
    expect(labelling.item?.text).toBe(byDoubt[0])
    labelling.change({ isBlind: false })
    await labelling.accept()
    expect(labelling.item?.text).toBe(byDoubt[1])
    const accepted = labelling.annotationAt(labelling.queue.order[0] ?? -1)
    expect(accepted).toMatchObject({ source: 'accepted', labelId: answer(byDoubt[0] ?? '').labelId })
    expect(accepted?.suggestion).toMatchObject({ model: 'smallcap-t5-nano', weights: 'finance' })
    const other = answer(byDoubt[1] ?? '').labelId === 'neutral' ? 'positive' : 'neutral'
    await labelling.label(other)
    expect(labelling.taken).toEqual({ shown: 2, equal: 1 })
    const { labelling: again } = await visit({ store })
    expect(again.suggestions.count).toBe(4)
    expect(again.taken).toEqual({ shown: 2, equal: 1 })
  })

  it('takes the labels that a file brings for those of another annotator', async () => {
    const { labelling } = await visit()
    await labelling.add([
      { line: 1, text: 'up', goldId: 'positive' },
      { line: 2, text: 'down' },
    ])
    expect(labels(labelling)).toEqual([undefined, undefined])
    expect(labelling.log.journal.annotations('gold').map(({ labelId, source }) => [labelId, source])).toEqual(
      [['positive', 'imported']],
    )
  })

  it('changes many at once and undoes it at once', async () => {
    const { labelling } = await visit()
    await labelling.add(LINES)
    await labelling.changeMany([0, 2, 3], { kind: 'label', labelId: 'neutral', source: 'hand' })
    expect(labelling.counts.labelled).toBe(3)
    await labelling.undo()
    expect(labelling.counts.labelled).toBe(0)
  })
})
