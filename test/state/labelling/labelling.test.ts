import { describe, expect, it } from 'vitest'
import type { Suggestion } from '../../../src/domain/labelling/annotation'
import { Labelling } from '../../../src/state/labelling/labelling.svelte'
import { createWorkspace } from '../../../src/storage/workspace'
import { FINANCE_TASK } from '../../support/fake-engine'
import { MemoryStore } from '../../support/memory-store'
import { tabChannels } from '../../support/tab-channel'

const LINES = ['up', 'down', 'flat', 'up again'].map((text, place) => ({ line: place + 1, text }))

interface VisitOptions {
  readonly store?: MemoryStore
  readonly openChannel?: ReturnType<typeof tabChannels>
  readonly tab?: string
  readonly suggest?: (place: number) => Suggestion | undefined
}

/** A tab on the project that lies in `store`. */
async function visit({
  store = new MemoryStore(),
  openChannel = tabChannels(),
  tab = 'a',
  suggest = () => undefined,
}: VisitOptions = {}) {
  let id = 0
  let now = 1_700_000_000_000
  const labelling = new Labelling({
    workspace: createWorkspace(store, () => undefined),
    channel: openChannel(),
    clock: () => (now += 10),
    newId: () => `${tab}${(id += 1)}`,
    labels: () => FINANCE_TASK.labels,
    suggestionAt: suggest,
    sources: {
      doubt: (place) => (suggest(place) ? 1 - (suggest(place)?.probabilities['positive'] ?? 0) : undefined),
      dispute: () => undefined,
      worth: () => undefined,
    },
  })
  await labelling.open()
  return { labelling, store }
}

const sure = (positive: number): Suggestion => ({
  probabilities: { negative: (1 - positive) / 2, neutral: (1 - positive) / 2, positive },
  model: 'nano',
  weights: 'finance',
  weightsSha256: 'b+f',
})

const labelsOf = ({
  items,
  annotationAt,
}: {
  items: Labelling['items']
  annotationAt: (place: number) => { labelId?: string } | undefined
}) => items.all.map((_, place) => annotationAt(place)?.labelId)
const labels = (labelling: Labelling) =>
  labelsOf({ items: labelling.items, annotationAt: (place) => labelling.annotationAt(place) })

describe('labelling', () => {
  it('labels the item and shows the next one once the label is stored', async () => {
    const { labelling, store } = await visit()
    await labelling.items.addLines(LINES)
    labelling.next()
    expect(labelling.item?.text).toBe('up')
    const labelled = labelling.label('positive')
    expect(labelling.item?.text).toBe('up')
    await labelled
    expect(labelling.item?.text).toBe('down')
    expect([...store.records.keys()].filter((key) => key.startsWith('label/event/'))).toHaveLength(1)
    expect(labelling.counts).toEqual({ all: 4, labelled: 1, skipped: 0, flagged: 0, toDo: 3 })
  })

  it('takes fast keys one after another, each for the item that the one before brought up', async () => {
    const { labelling } = await visit()
    await labelling.items.addLines(LINES)
    labelling.next()
    await Promise.all([labelling.label('positive'), labelling.label('negative'), labelling.skip()])
    expect(labels(labelling)).toEqual(['positive', 'negative', undefined, undefined])
    expect(labelling.item?.text).toBe('up again')
    expect(labelling.counts.skipped).toBe(1)
  })

  it('undoes and redoes over a reload, and goes back to the item', async () => {
    const { labelling, store } = await visit()
    await labelling.items.addLines(LINES)
    labelling.next()
    for (const label of ['positive', 'negative', 'neutral']) await labelling.label(label)
    const { labelling: again } = await visit({ store, tab: 'b' })
    expect(again.item?.text).toBe('up again')
    await again.undo()
    await again.undo()
    expect(again.item?.text).toBe('down')
    expect(labels(again)).toEqual(['positive', undefined, undefined, undefined])
    await again.redo()
    expect(labels(again)).toEqual(['positive', 'negative', undefined, undefined])
    expect(again.canRedo).toBe(true)
  })

  it('says that a label was not stored, and neither gives it nor goes on', async () => {
    const { labelling, store } = await visit()
    await labelling.items.addLines(LINES)
    labelling.next()
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
    const one = (await visit({ store, openChannel, tab: 'a' })).labelling
    await one.items.addLines(LINES)
    const two = (await visit({ store, openChannel, tab: 'b' })).labelling
    one.go(0)
    two.go(1)
    await Promise.all([one.label('positive'), two.label('negative')])
    await Promise.resolve()
    expect(labels(one)).toEqual(['positive', 'negative', undefined, undefined])
    expect(labels(two)).toEqual(labels(one))
    expect(one.log.fromOtherTabs).toBe(1)
    const { labelling: later } = await visit({ store, tab: 'c' })
    expect(labels(later)).toEqual(labels(one))
  })

  it('adds texts once, in this visit and in another', async () => {
    const { labelling, store } = await visit()
    await labelling.items.addLines(LINES)
    const { labelling: again } = await visit({ store, tab: 'b' })
    expect(await again.items.addLines([...LINES, { line: 5, text: 'new' }])).toEqual({
      kind: 'added',
      items: 1,
      duplicates: 4,
    })
    const { labelling: third } = await visit({ store, tab: 'c' })
    expect(third.items.all.map(({ text }) => text)).toEqual(['up', 'down', 'flat', 'up again', 'new'])
  })

  it('hides suggestions in blind mode, keeps them with the label otherwise, and goes by doubt where asked', async () => {
    const worth = [0.9, 0.4, 0.7, 0.95]
    const { labelling } = await visit({ suggest: (place) => sure(worth[place] ?? 0) })
    await labelling.items.addLines(LINES)
    labelling.change({ order: 'least certain' })
    labelling.next()
    expect(labelling.item?.text).toBe('down')
    expect(labelling.suggestion).toBeUndefined()
    await labelling.accept()
    expect(labelling.item?.text).toBe('down')
    labelling.change({ isBlind: false })
    await labelling.accept()
    expect(labelling.annotationAt(1)).toMatchObject({
      source: 'accepted',
      labelId: 'positive',
      suggestion: sure(0.4),
    })
    expect(labelling.item?.text).toBe('flat')
    await labelling.label('neutral')
    expect(labelling.annotationAt(2)).toMatchObject({ source: 'hand', suggestion: sure(0.7) })
  })

  it('changes many at once and undoes it at once', async () => {
    const { labelling } = await visit()
    await labelling.items.addLines(LINES)
    await labelling.changeMany([0, 2, 3], { kind: 'label', labelId: 'neutral', source: 'hand' })
    expect(labelling.counts.labelled).toBe(3)
    await labelling.undo()
    expect(labelling.counts.labelled).toBe(0)
  })
})
