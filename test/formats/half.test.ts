import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decodeBF16, decodeF16, encodeF16 } from '../../workers/formats/half'

const halves = (...words: number[]) => new Uint8Array(new Uint16Array(words).buffer)
const encoded = (...values: number[]) => [...new Uint16Array(encodeF16(new Float32Array(values)).buffer)]

describe('decodeF16', () => {
  it('decodes the landmarks of binary16', () => {
    const bytes = halves(
      0x0000,
      0x8000,
      0x3c00,
      0xc000,
      0x7bff,
      0x0400,
      0x03ff,
      0x0001,
      0x7c00,
      0xfc00,
      0x3555,
    )
    expect([...decodeF16(bytes)]).toEqual([
      0,
      -0,
      1,
      -2,
      65504,
      2 ** -14,
      2 ** -14 - 2 ** -24,
      2 ** -24,
      Infinity,
      -Infinity,
      0.333251953125,
    ])
  })

  it('decodes every NaN to NaN', () => {
    expect([...decodeF16(halves(0x7c01, 0x7e00, 0xffff))]).toEqual([NaN, NaN, NaN])
  })

  it('reads words that do not start at an even byte', () => {
    const bytes = new Uint8Array([0xff, 0x00, 0x3c])
    expect([...decodeF16(bytes.subarray(1))]).toEqual([1])
  })
})

describe('encodeF16', () => {
  it('gives back each of the 65,536 words but the NaNs', () => {
    const words = Uint16Array.from({ length: 65_536 }, (_, word) => word).filter(
      (word) => (word & 0x7fff) <= 0x7c00,
    )
    const floats = decodeF16(new Uint8Array(words.buffer))
    expect(new Uint16Array(encodeF16(floats).buffer)).toEqual(words)
  })

  it('rounds ties to even, up to the next power and down to zero', () => {
    expect(encoded(1 + 2 ** -11, 1 + 3 * 2 ** -11, 2 - 2 ** -11)).toEqual([0x3c00, 0x3c02, 0x4000])
    expect(encoded(2 ** -25, 3 * 2 ** -25, 2 ** -25 + 2 ** -40)).toEqual([0x0000, 0x0002, 0x0001])
    expect(encoded(2 ** -14 - 2 ** -26, -(2 ** -25))).toEqual([0x0400, 0x8000])
  })

  it('overflows to infinity where infinity is nearer', () => {
    expect(encoded(65519.99, 65520, -1e30, Infinity, NaN)).toEqual([0x7bff, 0x7c00, 0xfc00, 0x7c00, 0x7e00])
  })

  it('picks a neighbour that no other word beats', () => {
    fc.assert(
      fc.property(fc.float({ min: Math.fround(-65504), max: Math.fround(65504), noNaN: true }), (value) => {
        const word = encoded(value)[0] ?? 0
        const error = Math.abs((decodeF16(halves(word))[0] ?? NaN) - value)
        for (const other of [word - 1, word + 1].filter((each) => each >= 0 && (each & 0x7fff) < 0x7c00))
          expect(error).toBeLessThanOrEqual(Math.abs((decodeF16(halves(other))[0] ?? NaN) - value))
      }),
    )
  })
})

describe('decodeBF16', () => {
  it('decodes the upper half of a binary32', () => {
    const bytes = halves(0x3f80, 0xc040, 0x0001, 0x7f80, 0x3e9a)
    expect([...decodeBF16(bytes)]).toEqual([1, -3, 2 ** -133, Infinity, 0.30078125])
    expect(decodeBF16(halves(0x7fc0))[0]).toBeNaN()
  })
})
