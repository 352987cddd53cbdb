import { describe, expect, it } from 'vitest'
import type { TextEncoding } from '../../src/files/contract'
import { Utf8Scan } from '../../workers/files/utf8-scan'
import { readWhole, refusal } from './whole-file'

const text = 'Häagen grew — 5 €\nÅland fell\n株価 rose 🚀\n'
const western = 'Hägen grew\nÅland fell\n'

const utf8 = (content: string): Uint8Array<ArrayBuffer> => new TextEncoder().encode(content)
const latin1 = (content: string): Uint8Array<ArrayBuffer> =>
  Uint8Array.from(content, (sign) => sign.charCodeAt(0))
function utf16(content: string, isLittle: boolean): Uint8Array<ArrayBuffer> {
  const view = new DataView(new ArrayBuffer(content.length * 2))
  for (let at = 0; at < content.length; at += 1) view.setUint16(at * 2, content.charCodeAt(at), isLittle)
  return new Uint8Array(view.buffer)
}

describe('an encoding is found out and told', () => {
  it.each<[string, Uint8Array<ArrayBuffer>, TextEncoding, string]>([
    ['UTF-8', utf8(text), 'utf-8', text],
    ['UTF-8 with a mark', utf8(`\uFEFF${text}`), 'utf-8', text],
    ['ASCII', utf8('plain\n'), 'utf-8', 'plain\n'],
    ['UTF-16 LE with a mark', utf16(`\uFEFF${text}`, true), 'utf-16le', text],
    ['UTF-16 BE with a mark', utf16(`\uFEFF${text}`, false), 'utf-16be', text],
    ['UTF-16 LE without', utf16(western, true), 'utf-16le', western],
    ['UTF-16 BE without', utf16(western, false), 'utf-16be', western],
    ['latin-1', latin1(western), 'windows-1252', western],
  ])('%s', async (_, bytes, encoding, content) => {
    const { preview, rows, summary } = await readWhole('a.txt', bytes)
    expect(preview.reading.encoding).toBe(encoding)
    expect(rows.map((row) => row.text)).toEqual(content.trim().split('\n'))
    expect(summary.unreadableRows).toBe(0)
  })

  it('from all of a file, not from its beginning', async () => {
    const plain = 'All is plain here.\n'.repeat(120_000)
    const { preview, rows } = await readWhole('a.txt', [plain, latin1('Åland\n')])
    expect(preview.reading.encoding).toBe('windows-1252')
    expect(rows.at(-1)).toMatchObject({ row: 120_001, text: 'Åland' })
  })
})

it('characters that lie across two pieces of a file are whole', async () => {
  for (const shift of [0, 1, 2]) {
    const { rows, preview } = await readWhole(
      'a.txt',
      `${'a'.repeat(shift)}${'€'.repeat(1000)}\n`.repeat(900),
    )
    expect(preview.reading.encoding).toBe('utf-8')
    expect(new Set(rows.map((row) => row.text))).toEqual(new Set([`${'a'.repeat(shift)}${'€'.repeat(1000)}`]))
  }
})

it('a line end that lies across two pieces is one', async () => {
  const line = `${'a'.repeat(2 ** 20 - 1)}\r\n`
  const { rows } = await readWhole('a.txt', `${line}second\r\n`)
  expect(rows.map(({ row }) => row)).toEqual([1, 2])
})

describe('encodings that are mixed', () => {
  const mixed = [utf8('Åland\nÅbo\nÖrebro\n'), latin1('Malmö\n'), utf8('Ystad är\n')]

  it('are refused with the line of the first byte that does not fit', async () => {
    const error = await refusal('mixed.txt', mixed)
    expect(error).toMatchObject({ code: 'encoding', line: 4 })
    expect(error.message).toMatch(/^mixed\.txt, line 4: 1 byte is not UTF-8/)
  })

  it('are read when one is chosen, and what is lost is counted', async () => {
    const { rows, summary } = await readWhole('mixed.txt', mixed, { overrides: { encoding: 'utf-8' } })
    expect(rows.map(({ text: read }) => read)).toEqual(['Åland', 'Åbo', 'Örebro', 'Malm\uFFFD', 'Ystad är'])
    expect(summary.unreadableRows).toBe(1)
  })
})

describe('Utf8Scan agrees with the decoder', () => {
  it.each([
    [[0xc3, 0xa9], 1, 0],
    [[0xe2, 0x82, 0xac], 1, 0],
    [[0xf0, 0x9f, 0x9a, 0x80], 1, 0],
    [[0xc0, 0x80], 0, 2],
    [[0xe0, 0x80, 0x80], 0, 3],
    [[0xed, 0xa0, 0x80], 0, 3],
    [[0xf4, 0x90, 0x80, 0x80], 0, 4],
    [[0xe2, 0x82], 0, 1],
    [[0xe2, 0x41], 0, 1],
    [[0xff], 0, 1],
  ])('%j', (bytes, valid, invalid) => {
    const scan = new Utf8Scan()
    for (const byte of bytes) scan.push(Uint8Array.of(byte))
    expect(scan.end()).toMatchObject({ valid, invalid })
    const decoded = new TextDecoder().decode(Uint8Array.from(bytes))
    expect([...decoded].filter((sign) => sign === '\uFFFD')).toHaveLength(invalid)
  })
})
