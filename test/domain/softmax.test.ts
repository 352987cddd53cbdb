import { describe, expect, it } from 'vitest'
import { softmax } from '../../src/domain/softmax'

describe('softmax', () => {
  it('turns log-probabilities back into shares', () => {
    const probabilities = softmax([Math.log(1), Math.log(2), Math.log(5)])
    expect(probabilities[0]).toBeCloseTo(0.125, 12)
    expect(probabilities[1]).toBeCloseTo(0.25, 12)
    expect(probabilities[2]).toBeCloseTo(0.625, 12)
  })

  it('neither overflows nor vanishes far from zero', () => {
    const third = 1 / (1 + Math.E)
    for (const shift of [1e4, -1e4]) {
      const [low, high] = softmax([shift, shift + 1])
      expect(low).toBeCloseTo(third, 12)
      expect(high).toBeCloseTo(1 - third, 12)
    }
  })

  it('handles impossible labels', () => {
    expect(softmax([-Infinity, 0])).toEqual([0, 1])
    expect(softmax([-Infinity, -Infinity])).toEqual([0.5, 0.5])
    expect(softmax([])).toEqual([])
  })
})
