import { expect, it } from 'vitest'
import { matchItems } from '../../../src/domain/labelling/match-items'
import { annotationOf, itemOf } from './labelled'

const counter = () => {
  let count = 0
  return () => `new-${(count += 1)}`
}

const existing = [
  itemOf({ id: 'a', text: 'Sales rose' }),
  itemOf({ id: 'b', text: 'It fell', pair: 'Truly' }),
  itemOf({ id: '1', text: 'Flat' }),
]

it('matches by id, then by text and pair, and gives ids to what is new', () => {
  const items = [
    itemOf({ id: 'a', text: 'sales  rose' }),
    itemOf({ id: 'line 2', text: 'it FELL', pair: 'truly' }),
    itemOf({ id: 'line 3', text: 'It fell' }),
    itemOf({ id: 'line 4', text: 'it fell' }),
    itemOf({ id: '1', text: 'Another text' }),
    itemOf({ id: 'own', text: 'Unknown' }),
  ]
  const annotations = items.map(({ id }) => annotationOf({ itemId: id, annotator: id }))
  const madeIds = new Set(['line 2', 'line 3', 'line 4'])
  const found = matchItems(existing, { items, annotations, madeIds }, counter())
  expect(found.annotations.map(({ itemId }) => itemId)).toEqual(['a', 'b', 'new-1', 'new-1', 'new-2', 'own'])
  expect(found.newItems.map(({ id, text }) => [id, text])).toEqual([
    ['new-1', 'It fell'],
    ['new-2', 'Another text'],
    ['own', 'Unknown'],
  ])
  expect(found).toMatchObject({ matchedById: 1, matchedByText: 2, renamed: 1, overruled: [] })
})

it('keeps the newest of what one annotator said of one text', () => {
  const items = [itemOf({ id: 'x', text: 'Flat' }), itemOf({ id: 'y', text: 'flat' })]
  const older = annotationOf({ itemId: 'x', at: 1, labelId: 'neutral' })
  const newer = annotationOf({ itemId: 'y', at: 2, labelId: 'negative' })
  for (const annotations of [
    [older, newer],
    [newer, older],
  ]) {
    const found = matchItems(existing, { items, annotations, madeIds: new Set() }, counter())
    expect(found.annotations).toEqual([{ ...newer, itemId: '1' }])
    expect(found.overruled).toEqual([{ ...older, itemId: '1' }])
  }
})

it('keeps texts apart that are the same but have ids of their own', () => {
  const items = [itemOf({ id: 'x', text: 'Same' }), itemOf({ id: 'y', text: 'Same' })]
  expect(matchItems([], { items, annotations: [], madeIds: new Set() }, counter()).newItems).toEqual(items)
})
