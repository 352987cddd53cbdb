import { expect, it } from 'vitest'
import { partAt, toldOf, weightsHash, withPart } from '../../src/domain/run-parts'

const made = { threads: 2, backend: 'wasm', numberFormat: 'int8', weightsSha256: 'b0b0' }
const byLength = { ...made, rows: 5, batching: 'by length' }
const oneByOne = { ...made, rows: 2, batching: 'one by one' }

it('withPart joins goes under the same rules and leaves out empty ones', () => {
  expect(withPart([], { ...byLength, rows: 0 })).toEqual([])
  expect(withPart([byLength], byLength)).toEqual([{ ...byLength, rows: 10 }])
  expect(withPart([byLength], oneByOne)).toEqual([byLength, oneByOne])
  expect(withPart([byLength], { ...byLength, threads: 1 })).toHaveLength(2)
  expect(withPart([byLength], { ...byLength, backend: 'webgpu' })).toHaveLength(2)
  expect(withPart([byLength], { ...byLength, numberFormat: 'int8-weights' })).toHaveLength(2)
  expect(withPart([byLength], { ...byLength, weightsSha256: 'c0c0' })).toHaveLength(2)
})

it('toldOf tells one fact plainly, and several with their rows', () => {
  expect(toldOf([], 'batching')).toBe('')
  expect(toldOf([byLength, { ...byLength, threads: 1 }], 'batching')).toBe('by length')
  expect(toldOf([byLength, oneByOne], 'batching')).toBe('rows 1 to 5: by length; rows 6 to 7: one by one')
  expect(toldOf([byLength, oneByOne], 'backend')).toBe('wasm')
})

it('weightsHash names the file of the base and that of the adapter in use', () => {
  const hashes = { base: 'b0b0', finance: 'f0f0' }
  expect(weightsHash(hashes, undefined)).toBe('b0b0')
  expect(weightsHash(hashes, 'finance')).toBe('b0b0+f0f0')
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
