import fc from 'fast-check'
import { expect, it } from 'vitest'
import { isoTime, readIsoTime } from '../../../src/domain/labelling/iso-time'

it('writes and reads what the platform’s own dates do', () => {
  fc.assert(
    fc.property(fc.integer({ min: -8.64e15, max: 8.64e15 }), (at) => {
      expect(isoTime(at)).toBe(new Date(at).toISOString())
      expect(readIsoTime(isoTime(at))).toBe(at)
    }),
  )
})

it.each([
  ['2021-03-09T22:16:08.728353Z', '2021-03-09T22:16:08.728Z'],
  ['2024-02-29', '2024-02-29T00:00:00.000Z'],
  ['2024-02-29 12:30', '2024-02-29T12:30:00.000Z'],
  ['2024-02-29T00:30:00+02:00', '2024-02-28T22:30:00.000Z'],
  ['2024-12-31T23:30:00-0130', '2025-01-01T01:00:00.000Z'],
])('reads %s', (text, same) => {
  expect(readIsoTime(text)).toBe(Date.parse(same))
})

it.each(['', 'yesterday', '2023-02-29', '2024-13-01', '2024-01-01T12:75', '24.12.2024', '1700000000000'])(
  'knows that %j is none',
  (text) => {
    expect(readIsoTime(text)).toBeUndefined()
  },
)
