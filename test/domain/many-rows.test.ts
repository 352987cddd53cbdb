import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { countRows, filterRows, type RowFilter } from '../../src/domain/row-filter'
import { sortRows, type RowOrder } from '../../src/domain/row-order'
import { RowSearch } from '../../src/domain/row-search'
import { FINANCE_TASK } from './finance-task'
import { scoredOf, tableOf } from './rows'

const { labels } = FINANCE_TASK
const table = tableOf([
  scoredOf({ index: 0, probabilities: [0, 0.1, 0.9], milliseconds: 3 }),
  scoredOf({ index: 1, probabilities: [0.5, 0.3, 0.2] }),
  scoredOf({ index: 2, probabilities: [0, 0.1, 0.9], isCut: true, milliseconds: 20 }),
  scoredOf({ index: 3, probabilities: [0.8, 0.1, 0.1], isUnreadable: true }),
])

describe('sortRows', () => {
  it.each<[RowOrder, number[]]>([
    ['input order', [0, 1, 2, 3]],
    ['least sure', [1, 3, 0, 2]],
    ['most sure', [0, 2, 3, 1]],
    ['label', [3, 1, 0, 2]],
    ['slowest', [2, 1, 3, 0]],
  ])('by %s', (order, expected) => {
    const positions = [0, 1, 2, 3]
    expect(sortRows(table, positions, order)).toEqual(expected)
    expect(positions).toEqual([0, 1, 2, 3])
  })

  it('sorts some of the rows', () => {
    expect(sortRows(table, [1, 2, 3], 'most sure')).toEqual([2, 3, 1])
    expect(sortRows(table, [], 'label')).toEqual([])
  })

  it('does what a sort by comparing does, ties in input order', () => {
    const probability = fc.oneof(fc.constantFrom(0.5, 0.75), fc.double({ min: 0, max: 1, noNaN: true }))
    fc.assert(
      fc.property(fc.array(probability, { minLength: 1, maxLength: 50 }), (shares) => {
        const many = tableOf(shares.map((p, index) => scoredOf({ index, probabilities: [p, 0, 0] })))
        const positions = shares.map((_, index) => index)
        const share = (row: number) => Math.fround(shares[row] ?? 0)
        expect(sortRows(many, positions, 'least sure')).toEqual(
          positions.toSorted((a, b) => share(a) - share(b)),
        )
        expect(sortRows(many, positions, 'most sure')).toEqual(
          positions.toSorted((a, b) => share(b) - share(a)),
        )
      }),
    )
  })
})

describe('filterRows', () => {
  it.each<[RowFilter, number[]]>([
    [{ kind: 'all' }, [0, 1, 2, 3]],
    [{ kind: 'label', labelId: 'negative' }, [1, 3]],
    [{ kind: 'label', labelId: 'unheard of' }, []],
    [{ kind: 'not sure' }, [1]],
    [{ kind: 'cut' }, [2]],
    [{ kind: 'unreadable' }, [3]],
  ])('keeps what was asked for: %o', (filter, expected) => {
    expect(filterRows(table, 4, filter, labels, 0.6)).toEqual(expected)
  })

  it('looks at no more rows than it is told of', () => {
    expect(filterRows(table, 2, { kind: 'all' }, labels, 0.6)).toEqual([0, 1])
  })
})

it('countRows counts what each filter shows', () => {
  const counts = countRows(table, 4, labels, 0.85)
  expect([...counts.perLabel]).toEqual([
    ['negative', 2],
    ['neutral', 0],
    ['positive', 2],
  ])
  expect(counts).toMatchObject({ all: 4, notSure: 2, cut: 1, unreadable: 1 })
  expect(countRows(table, 1, labels, 0.85)).toMatchObject({ all: 1, notSure: 0, cut: 0 })
})

describe('RowSearch', () => {
  const lines = Array.from({ length: 200 }, (_, place) => ({
    line: place + 1,
    text: place % 50 === 0 ? 'Straße OPENED' : 'closed',
  }))

  it('finds texts in any case, in pieces, and keeps the order it is given', () => {
    const search = new RowSearch(lines, ' opened ')
    search.look(200, () => false)
    expect(search.looked).toBe(64)
    search.look(200, () => true)
    expect(search.looked).toBe(200)
    expect(search.among([199, 150, 100, 1, 0])).toEqual([150, 100, 0])
  })
})

it('handles 100,000 rows within a frame or few', () => {
  const many = tableOf(
    Array.from({ length: 100_000 }, (_, index) => {
      const probability = ((index * 7919) % 1000) / 1000
      return scoredOf({ index, probabilities: [0, 0, probability] })
    }),
  )
  const started = performance.now()
  const all = filterRows(many, many.count, { kind: 'all' }, labels, 0.9)
  const sorted = sortRows(many, all, 'least sure')
  countRows(many, many.count, labels, 0.9)
  const elapsedMs = performance.now() - started
  expect(many.tops[sorted[0] ?? -1]).toBe(0)
  expect(many.tops[sorted.at(-1) ?? -1]).toBe(0.999)
  // Measured near 15 ms; the bound is for a busy machine and still fails for a sort that compares objects.
  expect(elapsedMs).toBeLessThan(500)
})
