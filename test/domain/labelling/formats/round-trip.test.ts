import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  readAnnotations,
  WRITTEN_FORMATS,
  writeAnnotations,
  type ReadFormat,
  type WrittenFormat,
} from '../../../../src/domain/labelling/formats/formats'
import { guessFormat } from '../../../../src/domain/labelling/formats/guess-format'
import { FINANCE_TASK } from '../../finance-task'
import { annotationOf, itemOf, labelled } from '../labelled'

const { labels } = FINANCE_TASK
const defaults = { annotator: 'nobody', at: 5 }

const READ: Readonly<Record<WrittenFormat, ReadFormat>> = {
  csv: 'csv',
  'csv-exact': 'csv',
  tsv: 'tsv',
  'tsv-exact': 'tsv',
  jsonl: 'jsonl',
  'label-studio': 'label-studio',
  doccano: 'doccano',
  'hugging-face': 'hugging-face',
}

describe.each(WRITTEN_FORMATS)('%s', (format) => {
  it('gives everything back', () => {
    fc.assert(
      fc.property(labelled, ({ items, annotations }) => {
        const text = [...writeAnnotations(format, items, annotations, labels)].join('')
        const read = readAnnotations(READ[format], text, labels, defaults)
        if (!read.ok) throw new Error(read.error.message)
        expect(read.value.troubles).toEqual([])
        expect(read.value.items).toStrictEqual(items)
        expect(read.value.annotations).toStrictEqual(annotations)
        expect(read.value.madeIds.size).toBe(0)
      }),
      { numRuns: 60 },
    )
  })

  it('is recognised by what it begins with, even where that is cut', () => {
    const items = [itemOf({ id: '7', pair: 'b' }), itemOf({ id: '8', text: 'x'.repeat(3000) })]
    const annotations = [annotationOf({ itemId: '7', note: 'odd' }), annotationOf({ itemId: '8' })]
    const text = [...writeAnnotations(format, items, annotations, labels)].join('')
    const extension = format.startsWith('tsv') ? 'tsv' : 'txt'
    expect(guessFormat(`labels.${extension}`, text)).toBe(READ[format])
    expect(guessFormat(`labels.${extension}`, text.slice(0, 1000))).toBe(READ[format])
    expect(guessFormat(`labels.${extension}`, text.slice(0, 350))).toBe(READ[format])
  })
})

it('writes a piece per annotation, so that long files are written in turns', () => {
  const items = Array.from({ length: 2000 }, (_, index) => itemOf({ id: String(index) }))
  for (const format of WRITTEN_FORMATS) {
    const pieces = [...writeAnnotations(format, items, [], labels)]
    expect(pieces.length).toBeGreaterThanOrEqual(2000)
    expect(Math.max(...pieces.map(({ length }) => length))).toBeLessThan(400)
  }
})
