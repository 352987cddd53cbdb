import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { recordFromJson, recordToJson } from '../../src/storage/record-json'

const round = (value: unknown) => recordFromJson(recordToJson(value))

/** What storage may give back: JSON's values and typed arrays, with keys and numbers of every kind. */
const records = fc.anything({
  key: fc.oneof(fc.string(), fc.constantFrom('$number', '$$', '$Float64Array', '__proto__', 'constructor')),
  values: [
    fc.boolean(),
    fc.double(),
    fc.string({ unit: 'binary' }),
    fc.constant(null),
    fc.float64Array(),
    fc.uint8Array(),
    fc.uint32Array(),
    fc.uint16Array(),
  ],
})

describe('records as JSON', () => {
  it('come back as they were', () => {
    fc.assert(
      fc.property(records, (record) => {
        expect(round(record)).toEqual(record)
      }),
    )
  })

  it('keep every bit of numbers, and halves of characters', () => {
    const numbers = new Float64Array([NaN, -0, Infinity, 0.1, 5e-324])
    const back = round({ numbers, text: '\ud800', zero: -0, none: NaN })
    expect(back).toEqual({ numbers, text: '\ud800', zero: -0, none: NaN })
    expect(Object.is((back as { zero: number }).zero, -0)).toBe(true)
  })

  it('read the part that an array shows, not the buffer that it lies in', () => {
    expect(round(new Uint16Array([1, 2, 3, 4]).subarray(1, 3))).toEqual(new Uint16Array([2, 3]))
  })

  it('take an array of any length', () => {
    const long = new Uint8Array(200_000).map((_, place) => place % 251)
    expect(round(long)).toEqual(long)
  })

  it.each([new Map(), () => 1, new Date(0), 1n])('are nothing else: %s', (value) => {
    expect(() => recordToJson({ value })).toThrow(TypeError)
  })

  it.each([
    '{"$Float64Array":"AAAA"}',
    '{"$Uint8Array":"?"}',
    '{"$Uint8Array":1}',
    '{"$Uint8Array":"","a":1}',
    '{"$number":"1"}',
    '{"$Function":"x"}',
    '{"$constructor":"x"}',
    '{',
  ])('are refused where they were not written so: %s', (json) => {
    expect(() => recordFromJson(json)).toThrow(SyntaxError)
  })
})
