import { expect, it } from 'vitest'
import { batchingOf, partAt, withPart } from '../../src/domain/run-parts'

const byLength = { rows: 5, batching: 'by length', threads: 2 }
const oneByOne = { rows: 2, batching: 'one by one', threads: 2 }

it('withPart joins goes under the same rules and leaves out empty ones', () => {
  expect(withPart([], { ...byLength, rows: 0 })).toEqual([])
  expect(withPart([byLength], byLength)).toEqual([{ ...byLength, rows: 10 }])
  expect(withPart([byLength], oneByOne)).toEqual([byLength, oneByOne])
  expect(withPart([byLength], { ...byLength, threads: 1 })).toHaveLength(2)
})

it('batchingOf tells one rule plainly, and several with their rows', () => {
  expect(batchingOf([])).toBe('')
  expect(batchingOf([byLength, { ...byLength, threads: 1 }])).toBe('by length')
  expect(batchingOf([byLength, oneByOne])).toBe('rows 1 to 5: by length; rows 6 to 7: one by one')
})

it('partAt finds the part of a row by its index', () => {
  const parts = [byLength, oneByOne]
  expect([0, 4, 5, 6, 7].map((index) => partAt(parts, index)?.batching)).toEqual([
    'by length',
    'by length',
    'one by one',
    'one by one',
    undefined,
  ])
})
