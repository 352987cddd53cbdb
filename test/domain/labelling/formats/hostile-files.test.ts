import fc from 'fast-check'
import { expect, it } from 'vitest'
import { readPredictions } from '../../../../src/domain/evaluation/outside/read-predictions'
import {
  FORMATS,
  readAnnotations,
  writeAnnotations,
  type ReadFormat,
} from '../../../../src/domain/labelling/formats/formats'
import { guessFormat } from '../../../../src/domain/labelling/formats/guess-format'
import { FINANCE_TASK } from '../../finance-task'
import { labelled } from '../labelled'

const { labels } = FINANCE_TASK
const FORMAT_NAMES = Object.keys(FORMATS).filter((name): name is ReadFormat => name in FORMATS)

const piece = fc.constantFrom(
  '',
  '"',
  '{',
  '}',
  '[',
  ']',
  ',',
  '\n',
  '\\',
  'null',
  '-1',
  '{}',
  '[[',
  ':',
  '\u0000',
)

/** A file of one format of which some places were overwritten, read as any format. */
const hostile = fc.record({
  content: labelled,
  written: fc.constantFrom(...FORMAT_NAMES),
  cuts: fc.array(fc.record({ at: fc.nat(), length: fc.nat({ max: 20 }), piece }), { maxLength: 4 }),
})

it('answers whatever the file is, and loses no row without saying so', () => {
  fc.assert(
    fc.property(hostile, ({ content, written, cuts }) => {
      let text = [...writeAnnotations(written, content.items, content.annotations, labels)].join('')
      for (const { at, length, piece: over } of cuts) {
        const place = at % (text.length + 1)
        text = text.slice(0, place) + over + text.slice(place + length)
      }
      expect(FORMAT_NAMES).toContain(guessFormat('x.txt', text))
      readPredictions(text, labels)
      for (const format of FORMAT_NAMES) {
        const found = readAnnotations(format, text, labels, { annotator: 'nobody', at: 0 })
        if (!found.ok) {
          expect(found.error.message).toMatch(/^Line \d+/)
          continue
        }
        const { items, annotations, troubles, unreadRows } = found.value
        expect(items.length).toBeGreaterThan(0)
        expect(new Set(items.map(({ id }) => id)).size).toBe(items.length)
        expect(annotations.every(({ itemId }) => items.some(({ id }) => id === itemId))).toBe(true)
        expect(troubles.length).toBe(Math.min(100, unreadRows))
      }
    }),
    { numRuns: 60 },
  )
})

it('is not slowed down by what never closes', () => {
  const started = performance.now()
  const texts = [
    '[' + '{"text":"a'.repeat(20_000),
    '[' + '{'.repeat(50_000),
    '{"data":'.repeat(20_000),
    '"'.repeat(50_000),
  ]
  for (const text of texts)
    for (const format of FORMAT_NAMES) readAnnotations(format, text, labels, { annotator: 'nobody', at: 0 })
  const lines = ['[', ...Array.from({ length: 3000 }, (_, line) => `{"text": "never closed ${line}`)].join(
    '\n',
  )
  expect(readAnnotations('jsonl', lines, labels, { annotator: 'nobody', at: 0 }).ok).toBe(false)
  const open = ['[', ...Array.from({ length: 20_000 }, (_, line) => `{"text": [${line},`)].join('\n')
  expect(readAnnotations('jsonl', open, labels, { annotator: 'nobody', at: 0 }).ok).toBe(false)
  expect(performance.now() - started).toBeLessThan(10_000)
})
