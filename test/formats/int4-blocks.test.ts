import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { dequantise } from '../../workers/formats/dequantise'
import { decodeF16, encodeF16 } from '../../workers/formats/half'
import { fitsInt4, INT4_BLOCK, quantiseBlocks } from '../../workers/formats/int4-blocks'

const back = (matrix: Float32Array, rows: number, columns: number) =>
  dequantise({
    kind: 'int4',
    inFeatures: columns,
    outFeatures: rows,
    ...quantiseBlocks(matrix, rows, columns),
  })

describe('quantiseBlocks', () => {
  it('gives back exactly what lies on a grid of 15 steps with zero in it', () => {
    for (const least of [-15, -8, -3, 0]) {
      const grid = Float32Array.from({ length: INT4_BLOCK }, (_, i) => (least + (i % 16)) * 0.25)
      expect(back(grid, 1, INT4_BLOCK)).toEqual(grid)
    }
  })

  it('packs the first of two codes and of two zero points into the lower half of their byte', () => {
    const matrix = new Float32Array(3 * INT4_BLOCK)
    matrix.set([-8, 7, 3])
    matrix.set([15, 1], INT4_BLOCK)
    matrix.set([-15], 2 * INT4_BLOCK)
    const { codes, scale, zeroPoints } = quantiseBlocks(matrix, 1, 3 * INT4_BLOCK)
    expect([...scale]).toEqual([1, 1, 1])
    expect([...zeroPoints]).toEqual([8 | (0 << 4), 15])
    expect([...codes.subarray(0, 2)]).toEqual([0 | (15 << 4), 11 | (8 << 4)])
  })

  it('begins the zero points of every row with a byte of their own', () => {
    const matrix = new Float32Array(2 * INT4_BLOCK)
    matrix.set([-15], 0)
    matrix.set([-8, 7], INT4_BLOCK)
    expect([...quantiseBlocks(matrix, 2, INT4_BLOCK).zeroPoints]).toEqual([15, 8])
    expect(back(matrix, 2, INT4_BLOCK)).toEqual(matrix)
  })

  it('keeps a block of zeros, and what is too small for a scale of 16 bits is zero', () => {
    const matrix = new Float32Array(2 * INT4_BLOCK)
    matrix.fill(1e-9, INT4_BLOCK)
    expect([...back(matrix, 1, 2 * INT4_BLOCK)]).toEqual(Array<number>(2 * INT4_BLOCK).fill(0))
  })

  it('is off by a step at the ends and half of one between, scales are 16 bits, and zero is exact', () => {
    const weights = fc.array(fc.float({ min: -4, max: 4, noNaN: true }), {
      minLength: INT4_BLOCK,
      maxLength: INT4_BLOCK,
    })
    fc.assert(
      fc.property(weights, (values) => {
        const block = Float32Array.from([0, ...values.slice(1)])
        const { scale } = quantiseBlocks(block, 1, INT4_BLOCK)
        expect(decodeF16(encodeF16(scale))).toEqual(scale)
        const found = back(block, 1, INT4_BLOCK)
        expect(Math.abs(found[0] ?? NaN)).toBe(0)
        const range = Math.max(...block) - Math.min(...block)
        // The scale is rounded by a part in 2,048, over 15 steps; the zero point by half a step, which the ends may miss.
        const bound = (range / 15) * 1.02 + 1e-6
        found.forEach((value, i) => {
          expect(Math.abs(value - (block[i] ?? NaN))).toBeLessThanOrEqual(bound)
        })
      }),
    )
  })

  it('refuses what is no number and what is no whole block', () => {
    expect(() => quantiseBlocks(new Float32Array(INT4_BLOCK).fill(NaN), 1, INT4_BLOCK)).toThrow(RangeError)
    expect(() => quantiseBlocks(new Float32Array(48), 1, 48)).toThrow(RangeError)
    expect([48, 64].map(fitsInt4)).toEqual([false, true])
  })
})
