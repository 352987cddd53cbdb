import { brotliCompressSync, gzipSync } from 'node:zlib'
import fc from 'fast-check'
import { parquetWriteBuffer } from 'hyparquet-writer'
import { describe, expect, it } from 'vitest'
import { checkRuns } from '../../workers/files/parquet/check-runs'
import { readWhole, refusal } from './whole-file'

type WriteOptions = Parameters<typeof parquetWriteBuffer>[0]

const texts = ['Profit rose', 'Profit fell', 'Nothing happened 🚀']
const write = (options: Partial<WriteOptions> = {}): ArrayBuffer =>
  parquetWriteBuffer({
    columnData: [
      { name: 'text', data: texts, type: 'STRING' },
      { name: 'label', data: [1, 0, 2], type: 'INT32' },
    ],
    ...options,
  })

/** Texts of different lengths in a few row groups. */
const long = Array.from({ length: 5000 }, (_, index) => `Text ${index} x${'x'.repeat(index % 90)}`)

describe('parquet', () => {
  it('is known by its first bytes, whatever its name says, and recognised like any table', async () => {
    const { rows, preview } = await readWhole('a.csv', write())
    expect(preview).toMatchObject({
      dataset: { id: 'tfsn' },
      rows: { count: 3, isExact: true },
      rowsAreCountedIn: 'records',
    })
    expect(preview.reading).toEqual({
      layout: { kind: 'parquet' },
      columns: ['text', 'label'],
      isEscaped: false,
    })
    expect(rows).toEqual([
      { row: 1, text: texts[0], labelId: 'positive', other: { label: '1' } },
      { row: 2, text: texts[1], labelId: 'negative', other: { label: '0' } },
      { row: 3, text: texts[2], labelId: 'neutral', other: { label: '2' } },
    ])
  })

  it.each<[string, Partial<WriteOptions>]>([
    ['UNCOMPRESSED', {}],
    ['SNAPPY', {}],
    ['GZIP', { compressors: { GZIP: (bytes) => new Uint8Array(gzipSync(bytes)) } }],
    ['BROTLI', { compressors: { BROTLI: (bytes) => new Uint8Array(brotliCompressSync(bytes)) } }],
  ])('is unpacked: %s', async (codec, options) => {
    const columnData = [{ name: 'text', data: long, type: 'STRING' as const }]
    const content = write({
      ...options,
      codec: codec as 'GZIP',
      columnData,
      rowGroupSize: 1500,
      pageSize: 4096,
    })
    const { rows } = await readWhole('a.parquet', content)
    expect(rows.map(({ text }) => text)).toEqual(long)
    expect(rows.at(-1)?.row).toBe(5000)
  })

  it('keeps cells of every type as text', async () => {
    const columnData = [
      { name: 'text', data: ['a b', null], type: 'STRING' as const },
      { name: 'id', data: [12345678901234567n, 2n], type: 'INT64' as const },
      { name: 'flag', data: [true, false], type: 'BOOLEAN' as const },
      { name: 'score', data: [0.5, null], type: 'DOUBLE' as const },
      { name: 'day', data: [new Date('2024-05-06'), null], type: 'TIMESTAMP' as const },
      { name: 'more', data: [{ a: [1] }, null], type: 'JSON' as const },
    ]
    const { rows, summary } = await readWhole('a.parquet', write({ columnData }))
    expect(rows).toEqual([
      {
        row: 1,
        text: 'a b',
        other: {
          id: '12345678901234567',
          flag: 'true',
          score: '0.5',
          day: '2024-05-06T00:00:00.000Z',
          more: '{"a":[1]}',
        },
      },
    ])
    expect(summary.skipped).toMatchObject({ count: 1, examples: [{ code: 'no-text', row: 2 }] })
    expect(summary.skipped.examples[0]?.message).toBe('a.parquet, record 2: the text is empty.')
  })
})

describe('parquet that is broken or hostile', () => {
  const whole = new Uint8Array(write({ columnData: [{ name: 'text', data: long, type: 'STRING' }] }))
  const codes = ['invalid-parquet', 'unsupported', 'too-large', 'no-rows', 'record-too-long']

  it('is refused wherever it is cut off', async () => {
    for (const share of [0.01, 0.3, 0.7, 0.99]) {
      const error = await refusal('a.parquet', whole.slice(0, Math.floor(whole.length * share)))
      expect(error).toMatchObject({ code: 'invalid-parquet', file: 'a.parquet' })
    }
    expect(await refusal('a.parquet', whole.slice(0, 4))).toMatchObject({ code: 'invalid-parquet' })
  })

  it('is refused when its footer claims more than the file', async () => {
    for (const claimed of [whole.length, 2 ** 31, 2 ** 32 - 1]) {
      const content = whole.slice()
      new DataView(content.buffer).setUint32(content.length - 8, claimed, true)
      const error = await refusal('a.parquet', content)
      expect(error.code).toBe('invalid-parquet')
      expect(error.message).toContain(claimed.toLocaleString('en'))
    }
  })

  it('is refused when a run of a few bytes claims more values than the column has', async () => {
    const data = new Array<null>(70).fill(null)
    const columnData = [
      { name: 'text', data: data.map((_, index) => `Text ${index}`), type: 'STRING' as const },
      { name: 'gap', data, type: 'STRING' as const },
    ]
    const content = new Uint8Array(write({ columnData, codec: 'UNCOMPRESSED' }))
    // 70 nulls are one run of level 0: its length times two as a varint, and the level.
    const at = content.findIndex(
      (byte, place) => byte === 0x8c && content[place + 1] === 1 && content[place + 2] === 0,
    )
    expect(at).toBeGreaterThan(0)
    expect((await readWhole('a.parquet', content)).rows).toHaveLength(70)
    content.set([0xfe, 0x7f], at)
    const error = await refusal('a.parquet', content)
    expect(error).toMatchObject({ code: 'invalid-parquet' })
    expect(error.message).toContain('a run claims 8,191 values where 70 belong')
  })

  it('never ends otherwise than in rows or a coded error, whichever bytes are changed', async () => {
    const place = fc.integer({ min: 4, max: whole.length - 9 })
    // The footer and the heads of pages say more than the texts.
    const footer = fc.integer({ min: whole.length - 400, max: whole.length - 9 })
    const head = fc.integer({ min: 4, max: 80 })
    const change = fc.tuple(fc.oneof(place, footer, head), fc.constantFrom(0, 1, 0x0f, 0x7f, 0x80, 0xff))
    await fc.assert(
      fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 4 }), async (changes) => {
        const content = whole.slice()
        for (const [at, byte] of changes) content[at] = byte
        const code = await readWhole('a.parquet', content).then(
          () => 'rows',
          (error: unknown) => (error as { said?: { code: string } }).said?.code ?? String(error),
        )
        expect(['rows', ...codes]).toContain(code)
      }),
      { numRuns: 150 },
    )
  }, 60_000)
})

describe('checkRuns', () => {
  it.each([
    ['a run as long as the page', [0x06, 1], 1, 3],
    ['a packed group', [0x03, 0b10110101], 1, 8],
    ['a run and a packed group', [0x02, 1, 0x03, 0xff], 1, 9],
    ['fewer values than belong', [0x02, 1], 1, 3],
  ])('accepts %s', (_, bytes, bitWidth, limit) => {
    expect(() => checkRuns(Uint8Array.from(bytes), bitWidth, limit)).not.toThrow()
  })

  it.each([
    ['a run of a billion in five bytes', [0x80, 0x94, 0xeb, 0xdc, 0x07, 1], 1, 1000],
    ['a run of one too many', [0x08, 1], 1, 3],
    ['a length that does not end', [0xff, 0xff, 0xff, 0xff, 0xff, 0xff], 1, 3],
    ['a length that is cut off', [0x80], 1, 3],
  ])('refuses %s', (_, bytes, bitWidth, limit) => {
    expect(() => checkRuns(Uint8Array.from(bytes), bitWidth, limit)).toThrow(/run/)
  })
})
