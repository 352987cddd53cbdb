import { expect, it } from 'vitest'
import { changeOfLines, splitLines } from '../../src/domain/lines'

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

it('changeOfLines tells other texts from other columns, of whatever name', () => {
  const line = { line: 1, text: 'a', pair: 'b', goldId: 'x', other: { id: '7' } }
  expect(changeOfLines([line], [{ ...line, line: 9, other: { id: '7' } }])).toBeUndefined()
  expect(changeOfLines([line], [line, line])).toBe('text')
  expect(changeOfLines([line], [{ ...line, text: 'c', goldId: 'y' }])).toBe('text')
  expect(changeOfLines([line], [{ ...line, pair: 'c' }])).toBe('text')
  expect(changeOfLines([line], [{ ...line, goldId: 'y' }])).toBe('columns')
  expect(changeOfLines([line], [{ line: 1, text: 'a', pair: 'b', goldId: 'x' }])).toBe('columns')
  const odd = (other: Record<string, string>) => [{ line: 1, text: 'a', other }]
  expect(changeOfLines(odd({ id: '7' }), odd({ constructor: '7' }))).toBe('columns')
})
