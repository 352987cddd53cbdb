import fc from 'fast-check'
import { expect, it } from 'vitest'
import { spread } from '../../src/ui/charts/spread'

it('leaves what has room where it is', () => {
  expect(spread([40, 10, 100], 16, 200)).toEqual([40, 10, 100])
  expect(spread([], 16, 200)).toEqual([])
})

it('moves names that would lie on each other, and keeps them above the end', () => {
  expect(spread([50, 52, 51], 16, 200)).toEqual([50, 82, 66])
  expect(spread([195, 190, 199], 16, 200)).toEqual([184, 168, 200])
})

it('keeps the gap and the order, whatever is wanted', () => {
  const places = fc.array(fc.integer({ min: 0, max: 300 }), { maxLength: 16 })
  fc.assert(
    fc.property(places, (wanted) => {
      const placed = spread(wanted, 16, 300)
      const byWish = [...wanted.keys()].sort((a, b) => (wanted[a] ?? 0) - (wanted[b] ?? 0))
      for (const [rank, index] of byWish.entries()) {
        const next = byWish[rank + 1]
        if (next !== undefined) expect((placed[next] ?? 0) - (placed[index] ?? 0)).toBeGreaterThanOrEqual(16)
        expect(placed[index]).toBeLessThanOrEqual(300)
      }
    }),
  )
})
