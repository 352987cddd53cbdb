import { existsSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { parseDataset, type Dataset } from '../../src/domain/datasets'
import { FINANCE_TASK } from './finance-task'

const { labels } = FINANCE_TASK
const DATA = new URL('../../../shared/data/', import.meta.url)

function read(content: string, names?: ReadonlyMap<string, string>): Dataset {
  const dataset = parseDataset('my.csv', content, labels, names)
  if (!dataset.ok) throw new Error(dataset.error.message)
  return dataset.value
}

function problem(content: string): string {
  const dataset = parseDataset('my.csv', content, labels)
  return dataset.ok ? 'it was read' : dataset.error.message
}

const idsOf = (dataset: Dataset): string[] => dataset.rows.map((row) => row.labelId)

describe('tables', () => {
  it('with 0, 1, 2 are TFSN: bearish, bullish, neutral', () => {
    const dataset = read('text,label\r\n$A cut,0\r\n"$B up, a lot",1\r\n$C "meets",2\r\n')
    expect(dataset).toEqual({
      kind: 'tfsn',
      rows: [
        { text: '$A cut', labelId: 'negative', line: 2 },
        { text: '$B up, a lot', labelId: 'positive', line: 3 },
        { text: '$C "meets"', labelId: 'neutral', line: 4 },
      ],
    })
  })

  it('take ids, words and aliases, in any column order and with other columns', () => {
    const dataset = read('\uFEFFid;Sentiment;Headline\n1;Bullish;up\n2;bad news;down\n3;neutral;same')
    expect(dataset.kind).toBe('table')
    expect(idsOf(dataset)).toEqual(['positive', 'negative', 'neutral'])
    expect(dataset.rows.map((row) => row.text)).toEqual(['up', 'down', 'same'])
  })

  it('count lines through quoted line breaks and empty lines', () => {
    const dataset = read('text\tlabel\n"two\nlines"\tneutral\n\n"a ""b"""\tpositive\n')
    expect(dataset.rows).toEqual([
      { text: 'two\nlines', labelId: 'neutral', line: 2 },
      { text: 'a "b"', labelId: 'positive', line: 5 },
    ])
  })

  it('take the meaning of labels that is given', () => {
    const names = new Map([
      ['0', 'negative'],
      ['1', 'neutral'],
      ['2', 'positive'],
    ])
    const dataset = read('text,label\na,0\nb,1\nc,2\n', names)
    expect(dataset.kind).toBe('table')
    expect(idsOf(dataset)).toEqual(['negative', 'neutral', 'positive'])
  })
})

it('Financial PhraseBank lines are split at the last @', () => {
  const dataset = read('Sales rose .@positive\r\nMail to a@b.fi .@neutral\r\n')
  expect(dataset.kind).toBe('fpb')
  expect(dataset.rows).toEqual([
    { text: 'Sales rose .', labelId: 'positive', line: 1 },
    { text: 'Mail to a@b.fi .', labelId: 'neutral', line: 2 },
  ])
})

describe('a file that cannot be read is described by file, line and column', () => {
  it.each([
    [
      'text,label\na,neutral\nb,angry\n',
      /^my\.csv, line 3, column 2: the label "angry" is none of the task's: negative or bad news/,
    ],
    ['text,label\n"a\nb",neutral\nc,7\n', /^my\.csv, line 4, column 2: the label "7"/],
    ['text,label\na,0\nb,angry\n', /^my\.csv, line 2, column 2: the label "0"/],
    ['label,text\nneutral,\n', /^my\.csv, line 2, column 2: the text is empty/],
    ['text,label\nup, a lot,neutral\n', /^my\.csv, line 2, column 2: 3 fields where the header has 2/],
    ['text,label\nup\n', /^my\.csv, line 2, column 1: 1 field where the header has 2/],
    ['text,label\na,neutral\n"b,neutral\nc,neutral\n', /^my\.csv, line 3, column 1: the quotes/],
    ['text,label\na,"neutral"x\n', /^my\.csv, line 2, column 2: the quotes/],
    ['text,label\n', /^my\.csv, line 2, column 1: there is no row/],
    ['', /^my\.csv, line 1, column 1: the file is empty/],
    ['just some words\nand more', /^my\.csv, line 1, column 1: the header needs a text column/],
    ['a@neutral\nno label here\n', /^my\.csv, line 2, column 1: the line is not a sentence/],
    ['a@neutral\nb@angry\n', /^my\.csv, line 2, column 2: the label "angry"/],
  ])('%j', (content, expected) => {
    expect(problem(content)).toMatch(expected)
  })
})

describe.skipIf(!existsSync(DATA))('the public files (skipped where they are not at hand)', () => {
  // Counts as the publishers state them.
  it.each([
    ['tfsn/sent_valid.csv', 'utf8', 'tfsn', 347, 1566, 475],
    ['fpb/Sentences_50Agree.txt', 'latin1', 'fpb', 604, 2879, 1363],
  ] as const)('%s has its known counts', (file, encoding, kind, negative, neutral, positive) => {
    const dataset = read(readFileSync(new URL(file, DATA), encoding))
    const count = (id: string): number => idsOf(dataset).filter((each) => each === id).length
    expect(dataset.kind).toBe(kind)
    expect([count('negative'), count('neutral'), count('positive')]).toEqual([negative, neutral, positive])
  })
})
