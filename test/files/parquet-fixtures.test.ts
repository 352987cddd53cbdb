import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { readWhole } from './whole-file'

/** Written by Arrow: see test/fixtures/make-parquet.py. */
const fixture = (name: string): Uint8Array<ArrayBuffer> =>
  new Uint8Array(readFileSync(new URL(`../fixtures/parquet/${name}.parquet`, import.meta.url)))

/** What make-parquet.py puts into the plain table. */
const plain = Array.from({ length: 400 }, (_, i) => ({
  row: i + 1,
  text:
    i % 97 === 5
      ? ''
      : `Company ${i} says its profit ${i % 2 ? 'rose' : 'fell'} ${'x'.repeat(i % 50)}`.trim(),
  sentiment: i % 10 === 3 ? '' : (['bearish', 'neutral', 'bullish'][i % 3] ?? ''),
})).filter(({ text }) => text !== '')

describe('a parquet file of Arrow', () => {
  const codecs = ['none', 'snappy', 'gzip', 'brotli', 'zstd', 'lz4']
  const packed = codecs.flatMap((codec) => [`${codec}-v1`, `${codec}-v2`])

  it.each([...packed, 'delta'])('is read whole: %s', async (name) => {
    const { rows, summary, preview } = await readWhole('a.parquet', fixture(name))
    expect(preview.rows).toEqual({ count: 400, isExact: true })
    expect(rows.map(({ row, text, other }) => ({ row, text, ...other }))).toEqual(plain)
    expect(summary.skipped).toMatchObject({ count: 5, examples: [{ row: 6 }, { row: 103 }, {}, {}, {}] })
    expect(summary.labelled).toBe(plain.filter(({ sentiment }) => sentiment !== '').length)
  })

  it('has cells of every kind, exactly', async () => {
    const { rows, summary } = await readWhole('a.parquet', fixture('kinds'))
    expect(summary).toMatchObject({ rows: 2, labelled: 2, skipped: { count: 1 } })
    expect(rows.map(({ labelId }) => labelId)).toEqual(['positive', 'negative'])
    expect(rows[0]?.other).toEqual({
      label: 'bullish',
      large: 'a',
      big: '9223372036854775807',
      unsigned: '18446744073709551615',
      small: '-128',
      half: '0.5',
      single: '0.1',
      double: '0.1',
      flag: 'true',
      money: '-1234.50',
      fortune: '12345678901234567890123.4567',
      day: '2024-05-06',
      ms: '2024-05-06T07:08:09.123Z',
      us: '2024-05-06T07:08:09.123456Z',
      ns: '2024-05-06T07:08:09.123456000Z',
      hour: '07:08:09.123456',
      tags: '["a",null,"b, c"]',
      deep: '[[1,2],[3]]',
      entity: '{"name":"ACME","score":"1152921504606846976"}',
      spans: '[{"at":1,"of":"x"}]',
      map: '{"a":1,"b":2}',
      bytes: '\0\uFFFD',
      nothing: '',
    })
    expect(rows[1]?.other).toMatchObject({
      big: '-9223372036854775808',
      double: 'NaN',
      money: '0.05',
      fortune: '-0.0001',
      day: '1969-12-31',
      ms: '',
      tags: '[]',
      deep: '[null]',
      entity: '{"name":null,"score":null}',
    })
  })

  it('may tell the time as older writers do', async () => {
    const { rows } = await readWhole('a.parquet', fixture('int96'))
    expect(rows.map(({ other }) => other['ns'])).toEqual(['2024-05-06T07:08:09.123456000Z', ''])
  })
})
