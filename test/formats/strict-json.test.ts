import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ModelFormatError } from '../../workers/formats/format-error'
import { parseStrictJson } from '../../workers/formats/strict-json'

const parse = (text: string) => parseStrictJson(new TextEncoder().encode(text), 'a.json', 'content')

describe('parseStrictJson', () => {
  it('agrees with JSON.parse on any value', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 8 }), fc.nat(4), (value, indent) => {
        const text = JSON.stringify(value, null, indent)
        fc.pre(!text.includes('__proto__'))
        expect(parse(text)).toEqual(JSON.parse(text))
      }),
    )
  })

  it('throws nothing but ModelFormatError on any text', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...Array.from('{}[]",:\\u0061 tn-1.')) }), (text) => {
        try {
          parse(text)
        } catch (error) {
          expect(error).toBeInstanceOf(ModelFormatError)
        }
      }),
    )
  })

  it('takes the same key in different objects, and braces and quotes inside strings', () => {
    expect(parse('{"a":{"a":"\\"{[a\\":"},"b":[{"a":1},{"a":2}]}')).toEqual({
      a: { a: '"{[a":' },
      b: [{ a: 1 }, { a: 2 }],
    })
  })

  it('refuses a repeated key, however it is escaped', () => {
    expect(() => parse('{"a":1, "\\u0061" :2}')).toThrow(
      'a.json: content: expected each key once, found the key "a" twice',
    )
  })

  it('refuses __proto__, deep nesting and text that is not UTF-8', () => {
    expect(() => parse('{"\\u005f_proto__":{}}')).toThrow('__proto__')
    expect(() => parse('['.repeat(65) + ']'.repeat(65))).toThrow('at most 64 levels')
    expect(() => parseStrictJson(new Uint8Array([0x22, 0xff, 0x22]), 'a.json', 'content')).toThrow('UTF-8')
  })
})
