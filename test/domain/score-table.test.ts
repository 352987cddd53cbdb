import { describe, expect, it } from 'vitest'
import { ScoreTable } from '../../src/domain/score-table'
import { scoredOf, tableOf } from './rows'

describe('ScoreTable', () => {
  it('gives back the rows it was given, bit by bit', () => {
    const rows = [
      scoredOf({ index: 0, probabilities: [0.1, 0.2, 0.7], scores: [-3.1, -2.2, -0.3], milliseconds: 1.25 }),
      scoredOf({ index: 1, isCut: true, isUnreadable: true, inputTokens: 128, demonstrationsUsed: 4 }),
    ]
    const table = tableOf(rows)
    expect([table.at(0), table.at(1)]).toEqual(rows)
    expect(table.count).toBe(2)
    expect(table.fewestDemonstrations).toBe(0)
  })

  it('refuses rows out of order, of other labels, and more than it has room for', () => {
    const table = new ScoreTable(1, 3)
    expect(() => table.add(scoredOf({ index: 1 }))).toThrow(RangeError)
    expect(() => table.add(scoredOf({ index: 0, probabilities: [0.4, 0.6] }))).toThrow(RangeError)
    expect(() => table.at(0)).toThrow(RangeError)
    table.add(scoredOf({ index: 0 }))
    expect(() => table.add(scoredOf({ index: 1 }))).toThrow(RangeError)
  })

  it('is put together again from copies of its columns, which do not grow with it', () => {
    const rows = Array.from({ length: 5 }, (_, index) => scoredOf({ index, milliseconds: index }))
    const table = tableOf(rows.slice(0, 4), 5)
    const pages = [table.columns(0, 2), table.columns(2, 9)]
    table.add(scoredOf({ index: 4 }))
    expect(pages.map(({ flags }) => flags.length)).toEqual([2, 2])
    const again = new ScoreTable(5, 3)
    for (const page of pages) again.addColumns(page)
    expect(Array.from({ length: 4 }, (_, index) => again.at(index))).toEqual(rows.slice(0, 4))
  })

  it('refuses columns that do not belong together', () => {
    const columns = tableOf([scoredOf({ index: 0 })]).columns(0, 1)
    expect(() => new ScoreTable(9, 2).addColumns(columns)).toThrow(RangeError)
    expect(() => new ScoreTable(9, 3).addColumns({ ...columns, flags: new Uint8Array(2) })).toThrow(
      RangeError,
    )
  })
})
