import { describe, expect, it } from 'vitest'
import {
  balancedDemonstrations,
  randomDemonstrations,
  similarDemonstrations,
  validateDemonstrations,
} from '../../src/domain/demonstrations'
import type { Demonstration } from '../../src/domain/task'
import { FINANCE_TASK } from './finance-task'

const { labels } = FINANCE_TASK
const pool: readonly Demonstration[] = ['negative', 'neutral', 'positive'].flatMap((labelId) =>
  Array.from({ length: 8 }, (_, number) => ({ text: `${labelId} line ${number}`, labelId })),
)
const ids = (demonstrations: readonly Demonstration[]): string[] => demonstrations.map((each) => each.labelId)
const texts = (demonstrations: readonly Demonstration[]): string[] => demonstrations.map((each) => each.text)
const seeds = Array.from({ length: 40 }, (_, seed) => seed)

describe('the random policy', () => {
  it('shows every query of a run the same, and another seed others', () => {
    const choose = randomDemonstrations(pool, 5, 13)
    expect(choose('one query')).toHaveLength(5)
    expect(choose('another query')).toEqual(choose('one query'))
    expect(randomDemonstrations(pool, 5, 13)('x')).toEqual(choose('x'))
    expect(randomDemonstrations(pool, 5, 21)('x')).not.toEqual(choose('x'))
  })

  it('puts the next one in the place of a demonstration that is the query', () => {
    const shown = texts(randomDemonstrations(pool, 5, 13)('x'))
    const query = `  ${shown[2]?.toUpperCase().replaceAll(' ', '  ')} `
    const others = texts(randomDemonstrations(pool, 5, 13)(query))
    expect(others).toHaveLength(5)
    expect(others).toEqual(expect.arrayContaining(shown.filter((_, place) => place !== 2)))
    expect(others).not.toContain(shown[2])
  })

  it('gives what there is when the pool is smaller than k, repeated lines once', () => {
    const twice = [...pool.slice(0, 2), { text: 'NEGATIVE  line 0', labelId: 'negative' }]
    expect(texts(randomDemonstrations(twice, 10, 1)('x')).sort()).toEqual([
      'negative line 0',
      'negative line 1',
    ])
    expect(randomDemonstrations(twice, 10, 1)('negative line 1')).toHaveLength(1)
    expect(randomDemonstrations([], 3, 1)('x')).toEqual([])
    expect(randomDemonstrations(pool, 0, 1)('x')).toEqual([])
  })
})

describe('the balanced policy', () => {
  it('takes turns, so that five of three classes are 2, 2, 1', () => {
    for (const seed of seeds) {
      const chosen = ids(balancedDemonstrations(pool, labels, 5, seed)('x'))
      expect(new Set(chosen.slice(0, 3)).size).toBe(3)
      expect(chosen.slice(3)).toEqual(chosen.slice(0, 2))
    }
  })

  it('begins with each class for some seed, keeping label order', () => {
    const rounds = new Set(
      seeds.map((seed) => ids(balancedDemonstrations(pool, labels, 3, seed)('x')).join()),
    )
    expect([...rounds].sort()).toEqual([
      'negative,neutral,positive',
      'neutral,positive,negative',
      'positive,negative,neutral',
    ])
    expect(
      new Set(seeds.flatMap((seed) => ids(balancedDemonstrations(pool, labels, 1, seed)('x')))).size,
    ).toBe(3)
  })

  it('stays balanced when the query is one of the pool', () => {
    for (const seed of seeds) {
      const first = balancedDemonstrations(pool, labels, 3, seed)('x')
      const query = first[1]?.text ?? ''
      const without = balancedDemonstrations(pool, labels, 3, seed)(query)
      expect(ids(without)).toEqual(ids(first))
      expect(texts(without)).not.toContain(query)
    }
  })

  it('fills up from the other classes when one runs out, and knows labels by alias', () => {
    const few = [{ text: 'only one', labelId: 'Bullish' }, ...pool.slice(0, 8)]
    const chosen = ids(balancedDemonstrations(few, labels, 5, 3)('x'))
    expect(chosen.filter((id) => id === 'negative')).toHaveLength(4)
    expect(chosen.filter((id) => id === 'Bullish')).toHaveLength(1)
  })
})

describe('the similar policy', () => {
  const near: readonly Demonstration[] = ['east', 'north-east', 'north', 'west', 'nowhere'].map((text) => ({
    text,
    labelId: 'neutral',
  }))
  // Cosines with the query (2, 0) by hand: 1, √½, 0, -1, and 0 by convention for the zero vector.
  const vectors = [
    [3, 0],
    [1, 1],
    [0, 5],
    [-1, 0],
    [0, 0],
  ].map((vector) => Float32Array.from(vector))
  const query = Float32Array.from([2, 0])

  it('puts the nearest last, whatever the vector lengths, ties in pool order', () => {
    expect(texts(similarDemonstrations(near, vectors, 2)('x', query))).toEqual(['north-east', 'east'])
    expect(texts(similarDemonstrations(near, vectors, 9)('x', query))).toEqual([
      'west',
      'nowhere',
      'north',
      'north-east',
      'east',
    ])
  })

  it('never shows the query itself', () => {
    expect(texts(similarDemonstrations(near, vectors, 2)(' EAST', query))).toEqual(['north', 'north-east'])
  })

  it('refuses vectors that do not belong to the pool or to each other', () => {
    expect(() => similarDemonstrations(near, vectors.slice(1), 2)).toThrow(/4 vectors for 5/)
    expect(() => similarDemonstrations(near, vectors, 2)('x', new Float32Array(3))).toThrow(
      /cannot be compared/,
    )
  })
})

it('names the demonstration whose label is unknown', () => {
  expect(validateDemonstrations(labels, pool)).toBeUndefined()
  const wrong = [...pool.slice(0, 2), { text: 'x', labelId: 'angry' }]
  expect(validateDemonstrations(labels, wrong)).toBe(
    'Demonstration 3 is labelled "angry", but the labels are negative, neutral, positive.',
  )
})
