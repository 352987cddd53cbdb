import { describe, expect, it } from 'vitest'
import { rankByBoth, rankByDiversity } from '../../../src/domain/active/diversity'
import { entropy, meanDivergence } from '../../../src/domain/active/uncertainty'
import golden from '../../fixtures/active.json'

describe('uncertainty', () => {
  it('measures entropy as scipy does', () => {
    golden.entropies.forEach((expected, row) => {
      expect(entropy(golden.runs[0]?.[row] ?? [])).toBeCloseTo(expected, 12)
    })
  })

  it('measures the mean divergence as scipy does', () => {
    golden.divergences.forEach((expected, text) => {
      expect(meanDivergence(golden.runs.map((run) => run[text] ?? []))).toBeCloseTo(expected, 12)
    })
  })
})

describe('diversity', () => {
  const at = (degrees: number, length = 1) =>
    Float32Array.of(
      length * Math.cos((degrees * Math.PI) / 180),
      length * Math.sin((degrees * Math.PI) / 180),
    )
  const embeddings = [0, 5, 60, 62, 90, 35].map((degrees, place) => at(degrees, 1 + place))

  it('takes what is farthest from all that is labelled or picked, whatever its length', () => {
    expect(rankByDiversity([1, 2, 3, 4, 5], embeddings, [0])).toEqual([4, 5, 3, 1, 2])
  })

  it('begins in the middle where nothing is labelled', () => {
    expect(rankByDiversity([0, 1, 2, 3, 4, 5], embeddings, [])[0]).toBe(5)
  })

  it('orders the rest by distance', () => {
    expect(rankByDiversity([1, 2, 3, 4, 5], embeddings, [0], 1)).toEqual([4, 5, 2, 3, 1])
  })

  it('weighs distance by uncertainty', () => {
    const uncertainty = [0, 0, 1, 0.1, 0.1, 0.9]
    expect(rankByBoth([1, 2, 3, 4, 5], embeddings, [0], (index) => uncertainty[index] ?? 0)).toEqual([
      2, 5, 4, 3, 1,
    ])
    expect(rankByBoth([], embeddings, [], () => 1)).toEqual([])
  })

  it('ranks 1,000 rows of 768 numbers quickly', () => {
    const rows = Array.from({ length: 1000 }, (_, row) =>
      Float32Array.from({ length: 768 }, (__, place) => Math.sin(row * 0.7 + place * (row % 13))),
    )
    const started = performance.now()
    const order = rankByDiversity([...rows.keys()], rows, [])
    expect(performance.now() - started).toBeLessThan(5000)
    expect(new Set(order).size).toBe(1000)
  })
})
