import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Journal } from '../../../src/domain/labelling/journal'
import { eventId, type LabelChange, type LabelEvent } from '../../../src/domain/labelling/label-event'

/** Writes down what one annotator does, as the page does. */
class Hand {
  readonly journal = new Journal()
  readonly events: LabelEvent[] = []
  readonly annotator: string
  #at = 0

  constructor(annotator = 'ada') {
    this.annotator = annotator
  }

  #add(event: LabelEvent): void {
    this.events.push(event)
    this.journal.add(event)
  }
  #origin() {
    this.#at += 1
    return { id: eventId(this.#at, this.annotator), at: this.#at, annotator: this.annotator }
  }
  change(itemIds: readonly string[], change: LabelChange): void {
    this.#add({ ...this.#origin(), kind: 'change', itemIds, change })
  }
  label(itemId: string, labelId: string): void {
    this.change([itemId], { kind: 'label', labelId, source: 'hand' })
  }
  undo(): void {
    const of = this.journal.undoable(this.annotator)?.id
    if (of !== undefined) this.#add({ ...this.#origin(), kind: 'undo', of })
  }
  redo(): void {
    const of = this.journal.redoable(this.annotator)?.id
    if (of !== undefined) this.#add({ ...this.#origin(), kind: 'redo', of })
  }
  labelOf(itemId: string): string | undefined {
    return this.journal.annotation(itemId, this.annotator)?.labelId
  }
}

describe('a journal of labels', () => {
  it('goes by the last change of an item and takes changes back one by one', () => {
    const hand = new Hand()
    hand.label('a', 'positive')
    hand.label('b', 'negative')
    hand.label('a', 'neutral')
    expect([hand.labelOf('a'), hand.labelOf('b')]).toEqual(['neutral', 'negative'])
    hand.undo()
    expect(hand.labelOf('a')).toBe('positive')
    hand.undo()
    hand.undo()
    hand.undo()
    expect(hand.journal.annotations()).toEqual([])
    hand.redo()
    hand.redo()
    hand.redo()
    expect([hand.labelOf('a'), hand.labelOf('b')]).toEqual(['neutral', 'negative'])
  })

  it('changes many items at once and takes them back at once', () => {
    const hand = new Hand()
    hand.label('b', 'negative')
    hand.change(['a', 'b', 'c'], { kind: 'label', labelId: 'positive', source: 'machine' })
    expect(hand.journal.annotations().map(({ labelId }) => labelId)).toEqual([
      'positive',
      'positive',
      'positive',
    ])
    hand.undo()
    expect(hand.journal.annotations().map(({ itemId, labelId }) => [itemId, labelId])).toEqual([
      ['b', 'negative'],
    ])
  })

  it('forgets what was undone once something new is done', () => {
    const hand = new Hand()
    hand.label('a', 'positive')
    hand.undo()
    hand.label('a', 'neutral')
    hand.redo()
    expect(hand.labelOf('a')).toBe('neutral')
    expect(hand.journal.redoable('ada')).toBeUndefined()
  })

  it('brings back what was undone also where another change came in between later', () => {
    const hand = new Hand()
    hand.label('a', 'positive')
    hand.undo()
    hand.redo()
    const [label, undo, redo] = hand.events
    if (!label || !undo || !redo) throw new Error('Three events were made.')
    const late: LabelEvent = {
      id: `${undo.id}-late`,
      at: undo.at,
      annotator: 'ada',
      kind: 'change',
      itemIds: ['b'],
      change: { kind: 'skip' },
    }
    const again = new Journal([label, undo, late, redo])
    expect(again.annotation('a', 'ada')?.labelId).toBe('positive')
  })

  it('keeps flag and note beside the label, and takes a skip for a label', () => {
    const hand = new Hand()
    hand.change(['a'], { kind: 'note', note: 'sarcasm?' })
    hand.change(['a'], { kind: 'flag', isFlagged: true })
    hand.change(['a'], { kind: 'skip' })
    expect(hand.journal.annotation('a', 'ada')).toMatchObject({
      isSkipped: true,
      isFlagged: true,
      note: 'sarcasm?',
    })
    hand.label('a', 'positive')
    expect(hand.journal.annotation('a', 'ada')).toEqual({
      itemId: 'a',
      annotator: 'ada',
      at: 4,
      labelId: 'positive',
      source: 'hand',
      isSkipped: false,
      isFlagged: true,
      note: 'sarcasm?',
    })
    hand.change(['a'], { kind: 'clear' })
    hand.change(['a'], { kind: 'flag', isFlagged: false })
    hand.change(['a'], { kind: 'note', note: '' })
    expect(hand.journal.annotations()).toEqual([])
  })

  it('keeps annotators apart', () => {
    const [ada, ben] = [new Hand('ada'), new Hand('ben')]
    ada.label('a', 'positive')
    ben.label('a', 'negative')
    const both = new Journal([...ada.events, ...ben.events])
    expect(both.annotators).toEqual(['ada', 'ben'])
    expect(both.annotation('a', 'ada')?.labelId).toBe('positive')
    expect(both.annotation('a', 'ben')?.labelId).toBe('negative')
    expect(both.annotations('ben')).toHaveLength(1)
  })

  it('takes an event once, however often it is told', () => {
    const hand = new Hand()
    hand.label('a', 'positive')
    const [event] = hand.events
    expect(event && hand.journal.add(event)).toEqual([])
    expect(hand.journal.size).toBe(1)
  })

  it('is the same when read again, whatever was done', () => {
    const step = fc.oneof(
      { weight: 4, arbitrary: fc.tuple(fc.constantFrom('a', 'b', 'c'), fc.constantFrom('x', 'y')) },
      { weight: 2, arbitrary: fc.constant('undo') },
      { weight: 2, arbitrary: fc.constant('redo') },
    )
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
        const hand = new Hand()
        // A stack of whole states is what undoing means; the journal must come to the same.
        let past: ReadonlyMap<string, string>[] = [new Map()]
        let future: ReadonlyMap<string, string>[] = []
        for (const taken of steps) {
          const now = past.at(-1) ?? new Map<string, string>()
          if (taken === 'undo') {
            hand.undo()
            if (past.length > 1) [past, future] = [past.slice(0, -1), [now, ...future]]
          } else if (taken === 'redo') {
            hand.redo()
            const [next, ...rest] = future
            if (next) [past, future] = [[...past, next], rest]
          } else {
            const [itemId, labelId] = taken
            hand.label(itemId, labelId)
            ;[past, future] = [[...past, new Map([...now, [itemId, labelId]])], []]
          }
        }
        const again = new Journal(hand.events)
        for (const itemId of ['a', 'b', 'c']) {
          expect(hand.labelOf(itemId)).toBe(past.at(-1)?.get(itemId))
          expect(again.annotation(itemId, 'ada')).toEqual(hand.journal.annotation(itemId, 'ada'))
        }
        expect(again.undoable('ada')).toEqual(hand.journal.undoable('ada'))
        expect(again.redoable('ada')).toEqual(hand.journal.redoable('ada'))
      }),
    )
  })
})
