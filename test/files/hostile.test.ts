import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { readWhole, refusal } from './whole-file'

/** A zip archive of one empty file, as far as its local header. */
const zip = Uint8Array.of(0x50, 0x4b, 0x03, 0x04, ...new Array<number>(26).fill(0))
const megabytes = (count: number, sign: string): string => sign.repeat(count * 2 ** 20)
const rows = (count: number): string => 'a,b\n'.repeat(count)

describe('a file that cannot be read is refused with a code, a place and a sentence', () => {
  it.each<[string, string, string | Uint8Array<ArrayBuffer>, string, number?, number?]>([
    ['no bytes', 'a.csv', '', 'empty'],
    ['nothing but space', 'a.txt', '\uFEFF \r\n\t\n', 'empty'],
    ['space in JSON', 'a.json', ' \n ', 'empty'],
    ['a header alone', 'a.csv', 'text,label\n', 'no-rows', 2],
    ['rows without a text', 'a.csv', 'text,label\n,1\n ,0\n', 'no-rows'],
    ['an open quote', 'a.csv', 'text,label\na,0\n"b,1\nc,2\n', 'quotes', 3, 1],
    ['a quote inside', 'a.csv', 'text,label\na,"b"c\n', 'quotes', 2, 2],
    ['an open quote over megabytes', 'a.csv', `text,label\na,0\n"${rows(600_000)}`, 'record-too-long', 3],
    ['a line of 50 MB', 'a.txt', megabytes(50, 'a'), 'record-too-long', 1],
    ['a line of 50 MB in a table', 'a.csv', `text,label\n${megabytes(50, 'a')}`, 'record-too-long', 2],
    ['a record of 50 MB', 'a.json', `[{"text":"${megabytes(50, 'a')}"}]`, 'record-too-long', 1, 2],
    [
      'a line of 50 MB in JSON lines',
      'a.jsonl',
      `{"text":"a"}\n"${megabytes(50, 'a')}"`,
      'record-too-long',
      2,
    ],
    ['50 MB of separators', 'a.csv', megabytes(50, ','), 'record-too-long', 1],
    ['rows of many fields', 'a.csv', `text,b\nx${','.repeat(5000)}\n`, 'too-large', 2],
    ['deep JSON', 'a.json', `[\n  ${'['.repeat(200_000)}`, 'too-deep', 2, 3],
    ['deep objects', 'a.json', `[${'{"a":'.repeat(200_000)}`, 'too-deep', 1, 2],
    ['an object without rows', 'a.json', '\n {\n "a": {"b": 1}, "c": "d"\n}', 'not-a-list', 2, 2],
    ['columns of different lengths', 'a.json', '{"text": ["Up"], "label": [1, 2]}', 'not-a-list', 1, 1],
    ['an object that is broken', 'a.json', '{\n "text": ["Up" "Down"]\n}', 'invalid-json', 2, 16],
    ['an object that is cut off', 'a.json', '{"text": ["Up",\n "Do', 'invalid-json', 2, 5],
    ['a deep object', 'a.json', `{\n "data": ${'['.repeat(200_000)}`, 'too-deep', 2, 73],
    ['an object with a text of 50 MB', 'a.json', `{"a": "${megabytes(50, 'a')}"}`, 'not-a-list', 1, 1],
    ['an object with a row of 50 MB', 'a.json', `{"text": ["${megabytes(50, 'a')}"]}`, 'record-too-long'],
    ['an object of 70 MB', 'a.json', `{"text": [${rows(17_600_000)}`, 'too-large'],
    ['NUL among the names', 'a.csv', `te\0xt,la\0bel\n${'\0'.repeat(9)}`, 'binary', 1],
    ['an Excel workbook named json', 'a.json', zip, 'archive'],
    [
      'a packed bomb named parquet',
      'a.parquet',
      new Uint8Array(gzipSync(new Uint8Array(2 ** 24))),
      'archive',
    ],
    ['a packed bomb named json', 'a.json', new Uint8Array(gzipSync(new Uint8Array(2 ** 24))), 'archive'],
    ['JSON that is a number', 'a.json', '\n  7', 'not-a-list', 2, 3],
    ['a record that is broken', 'a.json', '[{"text":"a"},\n {"text":"b" "c"}]', 'invalid-json', 2, 2],
    ['a missing comma', 'a.json', '[{"text":"a"}\n{"text":"b"}]', 'invalid-json', 2, 1],
    ['a list that is cut off', 'a.json', '[{"text":"a"},\n{"text":"b', 'invalid-json', 2, 1],
    ['more after a list', 'a.json', '[{"text":"a"}]\n[]', 'invalid-json', 2, 1],
    ['an empty list', 'a.json', '[]', 'no-rows'],
    ['lines of which none is JSON', 'a.jsonl', 'up\ndown\n', 'no-rows'],
    ['zip', 'a.csv', zip, 'archive'],
    ['zip named parquet', 'a.parquet', zip, 'archive'],
    ['a packed bomb', 'a.csv', new Uint8Array(gzipSync(new Uint8Array(2 ** 24))), 'archive'],
    [
      'a picture',
      'a.csv',
      Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10, 0, 0, 0, 13, 0, 1),
      'binary',
      2,
    ],
    ['zeros', 'a.txt', new Uint8Array(100_000), 'binary', 1],
    ['text named parquet', 'a.parquet', 'text\nUp\n', 'invalid-parquet'],
  ])('%s', async (_, name, content, code, line, column) => {
    const started = performance.now()
    const error = await refusal(name, content)
    expect(error).toMatchObject({ code, file: name })
    expect([error.line, error.column]).toEqual([line, column])
    const place =
      (line === undefined ? '' : `, line ${line}`) + (column === undefined ? '' : `, column ${column}`)
    expect(error.message.startsWith(`${name}${place}: `)).toBe(true)
    // A second or two on a machine that has nothing else to do.
    expect(performance.now() - started).toBeLessThan(20_000)
  })

  it('a column that is not there', async () => {
    const error = await refusal('a.csv', 'text\nUp\n', { choice: { textColumn: 'tweet' } })
    expect(error).toMatchObject({ code: 'no-such-column' })
    expect(error.message).toContain('"tweet"')
  })

  it('a record of JSON lines that nests too deep is left out', async () => {
    const content = `{"text":"a"}\n${'{"a":'.repeat(5000)}1${'}'.repeat(5000)}\n{"text":"b"}`
    const { rows: read, summary } = await readWhole('a.jsonl', content)
    expect(read.map(({ row }) => row)).toEqual([1, 3])
    expect(summary.skipped.examples).toMatchObject([{ code: 'too-deep', row: 2 }])
  })
})

describe('a file that is only odd is read', () => {
  it('with NUL characters, which are marked', async () => {
    const { rows: read, summary } = await readWhole('a.txt', `one\0two\n${'plain\n'.repeat(100)}`)
    expect(read[0]?.text).toBe('one\uFFFDtwo')
    expect(summary).toMatchObject({ rows: 101, unreadableRows: 1 })
  })

  it('with 50 MB in one line of JSON', async () => {
    const record = JSON.stringify({ text: 'a'.repeat(10_000) })
    const content = `[${new Array<string>(5000).fill(record).join(',')}]`
    const { summary } = await readWhole('a.json', content)
    expect(summary.rows).toBe(5000)
  })

  it('without a name that says anything', async () => {
    expect((await readWhole('data', 'text,label\nUp,0\n')).rows).toHaveLength(1)
    expect((await readWhole('notes.md', 'Up\nDown\n')).rows).toHaveLength(2)
  })
})
