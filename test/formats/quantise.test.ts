import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { quantiseColumns, quantiseRows } from '../../workers/formats/quantise'

const weights = fc
  .record({ rows: fc.integer({ min: 1, max: 6 }), columns: fc.integer({ min: 1, max: 9 }) })
  .chain(({ rows, columns }) =>
    fc.record({
      rows: fc.constant(rows),
      columns: fc.constant(columns),
      values: fc.float32Array({
        minLength: rows * columns,
        maxLength: rows * columns,
        min: Math.fround(-1e6),
        max: Math.fround(1e6),
        noNaN: true,
      }),
    }),
  )

describe('quantiseRows', () => {
  it('stays within half a step of every value, and within ±127', () => {
    fc.assert(
      fc.property(weights, ({ rows, columns, values }) => {
        const { quantised, scale } = quantiseRows(values, rows, columns)
        values.forEach((value, index) => {
          const step = scale[Math.floor(index / columns)] ?? NaN
          const code = quantised[index] ?? NaN
          expect(Math.abs(code)).toBeLessThanOrEqual(127)
          // A row of subnormals becomes zero.
          if (step !== 1) expect(Math.abs(code * step - value)).toBeLessThanOrEqual(step * (0.5 + 1e-5))
        })
      }),
    )
  })

  it('keeps the largest value of a row and zero', () => {
    const { quantised, scale } = quantiseRows(new Float32Array([0, 2.54, -1.2, 0, 0, 0]), 2, 3)
    expect([...quantised]).toEqual([0, 127, -60, 0, 0, 0])
    expect(scale[0]).toBeCloseTo(0.02, 7)
    expect(scale[1]).toBe(1)
  })

  it('refuses values that are not finite', () => {
    expect(() => quantiseRows(new Float32Array([1, Infinity]), 1, 2)).toThrow('finite')
    expect(() => quantiseRows(new Float32Array([1, NaN]), 1, 2)).toThrow('finite')
  })
})

describe('quantiseColumns', () => {
  it("turns PyTorch's [out, in] into [in, out] with a scale per output", () => {
    const weight = new Float32Array([1.27, -0.01, 0.5, 12.7, -12.7, 0.1])
    const { quantised, scale } = quantiseColumns(weight, 3, 2)
    expect([...quantised]).toEqual([127, 127, -1, -127, 50, 1])
    expect([...scale].map((step) => step.toFixed(5))).toEqual(['0.01000', '0.10000'])
  })
})
