import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createRandom, randomInteger, sample, shuffle } from '../../src/domain/random'

describe('createRandom', () => {
  // Printed by the author's C code compiled with gcc: mulberry32 from state 0, 13 and 2^32 - 1, four numbers each.
  it.each([
    [0, [1144304738, 1416247, 958946056, 627933444]],
    [13, [2432337258, 1546691432, 303185372, 206875054]],
    [-1, [3850105811, 813802916, 3073704848, 4054706436]],
  ])('gives the reference sequence for seed %i', (seed, expected) => {
    const random = createRandom(seed)
    expect(expected.map(() => random() * 2 ** 32)).toEqual(expected)
  })
})

it('draws every whole number below the bound about equally often', () => {
  const random = createRandom(1)
  const draws = Array.from({ length: 3000 }, () => randomInteger(3, random))
  for (const value of [0, 1, 2]) {
    expect(Math.abs(draws.filter((draw) => draw === value).length - 1000)).toBeLessThan(100)
  }
})

describe('sample and shuffle', () => {
  it('take different items, as many as asked or as there are, and leave the list alone', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.integer()), fc.nat(30), fc.integer(), (items, count, seed) => {
        const before = [...items]
        const taken = sample(items, count, createRandom(seed))
        expect(taken).toHaveLength(Math.min(count, items.length))
        expect(new Set(taken).size).toBe(taken.length)
        expect(items).toEqual(before)
        expect(shuffle(items, createRandom(seed)).sort()).toEqual([...items].sort())
      }),
    )
  })

  it('reaches all six orders of three items', () => {
    const orders = new Set(
      Array.from({ length: 100 }, (_, seed) => shuffle(['a', 'b', 'c'], createRandom(seed)).join('')),
    )
    expect(orders.size).toBe(6)
  })
})
