import { expect, it } from 'vitest'
import { splitLines } from '../../src/domain/lines'

it('numbers lines over all of them and drops the empty ones', () => {
  expect(splitLines('\uFEFFone\r\n\r\n  two\t\rthree\n \nfour')).toEqual([
    { line: 1, text: 'one' },
    { line: 3, text: 'two' },
    { line: 4, text: 'three' },
    { line: 6, text: 'four' },
  ])
})

it('finds nothing in nothing', () => {
  expect(splitLines(' \n\t')).toEqual([])
})
