import fc from 'fast-check'
import { existsSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { readCsvRows } from '../../../src/domain/csv-rows'
import { findDuplicates, findOverlap, overlapKey } from '../../../src/domain/evaluation/overlap'
import { paretoFront } from '../../../src/domain/evaluation/pareto'

const TFSN = new URL('../../../../shared/data/tfsn/', import.meta.url)

const textsOf = (file: string) => {
  const rows = readCsvRows(readFileSync(new URL(file, TFSN), 'utf8').replace(/\r\n?/g, '\n'), ',')
  return rows.ok ? rows.value.slice(1).map(({ cells }) => ({ text: cells[0] ?? '' })) : []
}

describe('overlapKey', () => {
  it.each([
    ['$DELL: targets trimmed https://t.co/YRUHZw7cYl', 'dell targets trimmed'],
    ['“Dell” – targets, TRIMMED!', 'dell targets trimmed'],
    ['see www.x.org/a?b=c now', 'see now'],
    ['The U.S. cut 17%to 5', 'the US cut 17% to 5'],
    ['Straße 5', 'STRASSE 5'],
  ])('%j is %j', (text, other) => {
    expect(overlapKey(text)).toBe(overlapKey(other))
  })

  it('keeps texts apart that differ in a word, in their pairs, or are nothing but signs', () => {
    expect(overlapKey('up 5 %')).not.toBe(overlapKey('up 6 %'))
    expect(overlapKey('up', 'down')).not.toBe(overlapKey('up down'))
    expect(overlapKey('贏得')).not.toBe(overlapKey('赢得'))
    expect(overlapKey('🚀')).not.toBe(overlapKey('🔥'))
  })
})

it('finds duplicates and texts that were seen before', () => {
  const rows = ['Sales rose.', 'It fell', 'sales ROSE', 'Flat', 'It fell!'].map((text) => ({ text }))
  expect(findDuplicates(rows)).toEqual([
    [0, 2],
    [1, 4],
  ])
  expect(
    findOverlap(rows, [{ text: 'flat https://t.co/x' }, { text: 'It fell' }, { text: 'it fell' }]),
  ).toEqual([
    { row: 1, other: 1 },
    { row: 3, other: 0 },
    { row: 4, other: 1 },
  ])
})

it.skipIf(!existsSync(TFSN))('finds the texts of TFSN that are in both of its splits', () => {
  // Stripping all but ASCII letters finds 53: it takes a Chinese headline for its translation and misses two others.
  expect(findOverlap(textsOf('sent_valid.csv'), textsOf('sent_train.csv'))).toHaveLength(52)
})

describe('paretoFront', () => {
  it('keeps what nothing beats', () => {
    const points = [
      { gain: 0.8, cost: 10 },
      { gain: 0.7, cost: 2 },
      { gain: 0.75, cost: 12 },
      { gain: 0.9, cost: 100 },
      { gain: 0.7, cost: 3 },
      { gain: 0.8, cost: 10 },
      { gain: NaN, cost: 1 },
    ]
    expect(paretoFront(points)).toEqual([1, 0, 5, 3])
  })

  it('is what the definition says', () => {
    const point = fc.record({ gain: fc.integer({ min: 0, max: 4 }), cost: fc.integer({ min: 0, max: 4 }) })
    fc.assert(
      fc.property(fc.array(point), (points) => {
        const beaten = points.map((own) =>
          points.some(
            (other) =>
              other.gain >= own.gain &&
              other.cost <= own.cost &&
              (other.gain > own.gain || other.cost < own.cost),
          ),
        )
        const expected = [...points.keys()].filter((place) => beaten[place] === false)
        expect(paretoFront(points).toSorted((a, b) => a - b)).toEqual(expected)
      }),
    )
  })
})
