import fc from 'fast-check'
import Papa from 'papaparse'
import { describe, expect, it } from 'vitest'
import { CsvReader, readCsvRows } from '../../src/domain/csv-rows'
import { NO_DELIMITER, distinctNames, guessTableForm } from '../../src/domain/table-form'

describe('guessTableForm', () => {
  it.each([
    ['text,label\na,0\n"b, c",1\n', { delimiter: ',', quotes: 'csv', hasHeader: true }],
    ['label\ttext\n0\ta, b, c\n1\td\n', { delimiter: '\t', quotes: 'csv', hasHeader: true }],
    ['id;text\n1;a, b\n2;c\n', { delimiter: ';', quotes: 'csv', hasHeader: true }],
    ['a|b|c\n1|2|3\n', { delimiter: '|', quotes: 'csv', hasHeader: true }],
    ['good film,1\nbad film,0\n', { delimiter: ',', quotes: 'csv', hasHeader: false }],
    ['good,positive\nbad,positive\n', { delimiter: ',', quotes: 'csv', hasHeader: false }],
    [
      'text\nUp, up and away\nDown\nSo, so, so\n',
      { delimiter: NO_DELIMITER, quotes: 'csv', hasHeader: true },
    ],
    ['label\ttext\n0\t"a quote" of text\n1\tb\n', { delimiter: '\t', quotes: 'none', hasHeader: true }],
    ['text,label\n"a" b,1\n', { delimiter: ',', quotes: 'csv', hasHeader: true }],
  ])('%j', (sample, form) => {
    expect(guessTableForm(sample, true)).toEqual(form)
  })

  it('does not wait for a quote that tab-separated text opens and never closes', () => {
    const rows = Array.from({ length: 2000 }, (_, index) => `0\tline ${index}\n`).join('')
    expect(guessTableForm(`label\ttext\n0\t"so they said\n${rows}`, false).quotes).toBe('none')
  })
})

it('distinctNames fills gaps and tells doubles apart', () => {
  const names = distinctNames(['text', '', ' text ', 'text (2)', 'text'])
  expect(names).toEqual(['text', 'column 2', 'text (2)', 'text (2) (2)', 'text (3)'])
})

describe('CsvReader', () => {
  it('gives the same rows and lines whatever the pieces are', () => {
    const cell = fc.string({ unit: fc.constantFrom('a', ',', '"', '\n', ' ', 'é'), maxLength: 6 })
    const table = fc.array(fc.array(cell, { minLength: 2, maxLength: 2 }), { minLength: 1, maxLength: 5 })
    fc.assert(
      fc.property(table, fc.integer({ min: 1, max: 7 }), (cells, size) => {
        const content = `${Papa.unparse(cells, { newline: '\n' })}\n`
        const reader = new CsvReader({ delimiter: ',', quotes: 'csv' })
        const rows = []
        for (let at = 0; at < content.length; at += size) {
          const read = reader.push(content.slice(at, at + size), false)
          if (!read.ok) throw new Error('the quotes were taken for broken')
          rows.push(...read.value)
        }
        const end = reader.push('', true)
        expect({ ok: true, value: end.ok ? [...rows, ...end.value] : [] }).toEqual(readCsvRows(content, ','))
      }),
    )
  })

  it('says on which line of a later piece the quotes break', () => {
    const reader = new CsvReader({ delimiter: ',', quotes: 'csv' })
    expect(reader.push('a,b\n"c\n', false)).toMatchObject({ ok: true, value: [{ line: 1 }] })
    expect(reader.push('d",e\nf,"g"h\ni,"j"\n', false)).toMatchObject({ ok: false, error: { line: 4 } })
  })
})
