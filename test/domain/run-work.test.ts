import { expect, it } from 'vitest'
import { sampledLines, workOf } from '../../src/domain/run-work'

const lineOf = (characters: number) => ({ line: 1, text: 'x'.repeat(characters) })

it('workOf grows with the number and the length of lines, up to what the model reads', () => {
  expect(workOf([])).toBe(0)
  expect(workOf([lineOf(60)])).toBe(100)
  expect(workOf([lineOf(60), lineOf(160)])).toBe(300)
  expect(workOf([lineOf(500)])).toBe(workOf([lineOf(100_000)]))
})

it('workOf counts a pair as what it adds to the prompt, also towards what the model reads', () => {
  const pair = { ...lineOf(60), pair: 'y'.repeat(100) }
  expect(workOf([pair])).toBe(200)
  expect(workOf([{ ...lineOf(450), pair: 'y'.repeat(450) }])).toBe(workOf([lineOf(500)]))
})

it('workOf of very many lines is told by some that are spread evenly', () => {
  const halves = Array.from({ length: 100_000 }, (_, place) => lineOf(place < 50_000 ? 10 : 110))
  expect(workOf(halves)).toBeCloseTo(100_000 * 100, 0)
})

it('sampledLines takes all of few lines, and spread ones of many', () => {
  const lines = Array.from({ length: 10 }, (_, place) => ({ line: place + 1, text: '' }))
  expect(sampledLines(lines, 20)).toBe(lines)
  expect(sampledLines(lines, 5).map(({ line }) => line)).toEqual([1, 3, 5, 7, 9])
})
