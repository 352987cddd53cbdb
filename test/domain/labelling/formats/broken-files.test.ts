import { describe, expect, it } from 'vitest'
import {
  readAnnotations,
  writeAnnotations,
  type ReadFormat,
  type WrittenFormat,
} from '../../../../src/domain/labelling/formats/formats'
import { FINANCE_TASK } from '../../finance-task'
import { annotationOf, itemOf } from '../labelled'

const { labels } = FINANCE_TASK
const defaults = { annotator: 'nobody', at: 5 }

const items = ['a', 'b', 'c', 'd'].map((id, place) => itemOf({ id, line: place + 1, text: `text ${id}` }))
const annotations = items.map(({ id }) => annotationOf({ itemId: id }))
const linesOf = (format: WrittenFormat): string[] =>
  [...writeAnnotations(format, items, annotations, labels)].join('').split('\n')

function read(format: ReadFormat, text: string) {
  const found = readAnnotations(format, text, labels, defaults)
  if (!found.ok) throw new Error(found.error.message)
  const { troubles, unreadRows } = found.value
  return {
    ids: found.value.items.map(({ id }) => id),
    unreadRows,
    messages: troubles.map((each) => each.message),
  }
}

describe('a table of ours with broken rows', () => {
  const [header = '', a = '', b = '', c = '', d = ''] = linesOf('csv-exact')
  const joined = (...lines: string[]) => [header, ...lines, ''].join('\n')

  it.each([
    [
      b.replace('2023-', '20-23-'),
      ['a', 'c', 'd'],
      'Line 3, column 6 (time): "20-23-11-14T22:13:20.123Z" is no time',
    ],
    [
      b.replace('hand', 'foot'),
      ['a', 'c', 'd'],
      'Line 3, column 7 (source): "foot" should be one of hand, accepted',
    ],
    [
      b.replace('false', 'perhaps'),
      ['a', 'c', 'd'],
      'Line 3, column 8 (skipped): "perhaps" should be true or false.',
    ],
    [b.replace('text b', ''), ['a', 'c', 'd'], 'Line 3, column 3 (text): the text is missing'],
    [b.replace('b,2', 'a,2'), ['a', 'c', 'd'], 'Line 3 (id): the id "a" belongs to another text above'],
    [
      b.replace('text b', 'one, two'),
      ['a', 'c', 'd'],
      'Line 3, column 13: 14 fields where the header has 13',
    ],
    [
      b.replace('text b', '"never closed'),
      ['a', 'c', 'd'],
      'Line 3, column 3: the quotes of this field do not close',
    ],
    [
      b.replace('text b', '"two" words"'),
      ['a', 'c', 'd'],
      'Line 3, column 3: the quotes of this field do not close',
    ],
    [
      b.replace('b,2,text b', 'a,1,text a'),
      ['a', 'c', 'd'],
      'Line 3 (annotator): ann said something of this text above',
    ],
  ])('%s', (broken, ids, message) => {
    const found = read('csv', joined(a, broken, c, d))
    expect(found.ids).toEqual(ids)
    expect(found.messages).toEqual([expect.stringContaining(message)])
    expect(found.unreadRows).toBe(1)
  })

  it('gives up where quotes are broken all over', () => {
    const rows = Array.from({ length: 60 }, (_, place) => `x${place},1,"never closed`)
    const found = read('csv', joined(a, ...rows))
    expect(found.ids).toEqual(['a'])
    expect(found.unreadRows).toBe(21)
  })

  it('reads what a spreadsheet did to it', () => {
    const table = joined(a, b, c, d).replaceAll('false', 'FALSE').replaceAll(',', ';').replaceAll('\n', '\r')
    expect(read('csv', table)).toEqual({ ids: ['a', 'b', 'c', 'd'], unreadRows: 0, messages: [] })
  })
})

describe('JSON with broken records', () => {
  it.each<[WrittenFormat & ReadFormat, string, string, string]>([
    ['jsonl', '"text":"text b"', '"text":"text b', 'Line 2: this is not valid JSON; mend'],
    ['jsonl', '"text":"text b"', '"text":7', 'Line 2 (text): a text in quotes should stand here.'],
    ['jsonl', '"annotations":[', '"annotations":0,"x":[', 'Line 2 (annotations): a list in square brackets'],
    ['jsonl', '2023-11-14', '14.11.2023', 'Line 2 (time): "14.11.2023T22:13:20.123Z" is no time'],
    ['doccano', '"text":"text b"', '"text":" "', 'Line 2 (text): the text is missing'],
    [
      'hugging-face',
      '"flagged":false',
      '"flagged":"perhaps"',
      'Line 2 (flagged): "perhaps" should be true or false.',
    ],
    ['label-studio', '"data":', '"date":', 'Line 3 (data): a task has its text under "data"'],
    ['label-studio', '"text":"text b"', '"text":"text b', 'Line 3: this is not valid JSON; mend'],
    ['label-studio', '"annotations":[{', '"annotations":[', 'Line 3: this is not valid JSON; mend'],
  ])('%s: %s', (format, from, to, message) => {
    const lines = linesOf(format)
    const place = lines.findIndex((line) => line.includes('text b'))
    lines[place] = lines[place]?.replace(from, to) ?? ''
    const found = read(format, lines.join('\n'))
    expect(found.messages).toEqual([expect.stringContaining(message)])
    expect(found.ids).toEqual(message.includes('time') ? ['a', 'b', 'c', 'd'] : ['a', 'c', 'd'])
  })

  it('keeps what lies around a task of several lines that is never closed', () => {
    const tasks = ['a', 'b', 'c'].map((text) => JSON.stringify({ data: { text } }, undefined, 2))
    tasks[1] = tasks[1]?.replace('"b"', '"b') ?? ''
    const text = `[\n  ${tasks.join(',\n').replaceAll('\n', '\n  ')}\n]`
    const found = read('label-studio', text)
    expect(found.ids).toEqual(['line 2', 'line 12'])
    expect(found.messages).toEqual([expect.stringContaining('Line 7: this is not valid JSON')])
  })

  it('names no more than a hundred broken records', () => {
    const text = `{"text":"a"}\n${'{"text":\n'.repeat(500)}`
    const found = read('jsonl', text)
    expect([found.ids.length, found.messages.length, found.unreadRows]).toEqual([1, 100, 500])
  })
})

it.each<[ReadFormat, string, string]>([
  ['csv', '', 'Line 1: the file is empty'],
  ['csv', '{"text": "a"}', 'Line 1: this is JSON, not a table. This is not CSV; choose another format.'],
  ['csv', 'a,b\n1,2\n', 'no column looks like a text'],
  ['jsonl', 'text,label\na,b\n', 'Line 1: this is not valid JSON; mend'],
  ['jsonl', '[1, 2]', 'Line 1: this is no record in braces'],
  ['jsonl', '[]', 'Line 1: no row was found. This is not JSON Lines'],
  ['label-studio', '{"text": "a", "label": 1}', 'Line 1 (data): a task has its text under "data"'],
  ['hugging-face', '{"a": 1}', 'no field looks like a text'],
  ['doccano', '"text"', 'Line 1: this is no record in braces'],
])('refuses what is not %s at all: %j', (format, text, message) => {
  const found = readAnnotations(format, text, labels, defaults)
  expect(found.ok ? '' : found.error.message).toContain(message)
})
