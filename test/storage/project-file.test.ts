import { gunzipSync, gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { newHead, type ProjectHead } from '../../src/domain/project'
import {
  openProjectFile,
  ProjectFileError,
  writeProjectFile,
  type ProjectRecord,
} from '../../src/storage/project-file'

const HEAD: ProjectHead = {
  ...newHead('id-1', 'Tweets “quoted”\n', 5),
  guidelines: 'Line one\nLine two',
  task: {
    template: '{text}',
    labels: [
      { id: 'a', words: 'a', aliases: ['x'] },
      { id: 'b', words: 'b', aliases: [] },
    ],
  },
}

const RECORDS: readonly ProjectRecord[] = [
  { key: 'text', value: { version: 1, text: 'One.\nTwo — “€” 😀 \ud800' } },
  {
    key: 'file/0',
    value: {
      version: 1,
      id: 'f',
      lines: [{ line: 1, text: 'a', other: { $number: 'x', ['__proto__']: 'y' } }],
    },
  },
  {
    key: 'results/scores/0',
    value: {
      version: 2,
      runId: 'r',
      probabilities: new Float64Array([0.1, 0.9]),
      scores: new Float64Array([-2.5, -0]),
      inputTokens: new Uint32Array([7]),
      flags: new Uint8Array([3]),
      demonstrationsUsed: new Uint16Array([0]),
      milliseconds: new Float64Array([1.5]),
    },
  },
]

async function* given(records: readonly ProjectRecord[]) {
  await Promise.resolve()
  yield* records
}

const write = async (records = RECORDS) =>
  Buffer.from(await (await writeProjectFile(HEAD, given(records))).arrayBuffer())
const plain = async (records = RECORDS) => gunzipSync(await write(records)).toString()

async function read(bytes: BlobPart) {
  const { head, records } = await openProjectFile(new Blob([bytes]))
  const found: ProjectRecord[] = []
  for await (const record of records) found.push(record)
  return { head, found }
}

const refusal = (bytes: BlobPart) =>
  read(bytes).then(
    () => 'accepted',
    (error: unknown) => (error instanceof ProjectFileError ? error.message : error),
  )

describe('a project’s file', () => {
  it('brings everything back, compressed or not', async () => {
    for (const bytes of [await write(), await plain(), (await plain()).replaceAll('\n', '\r\n')])
      expect(await read(bytes)).toEqual({ head: HEAD, found: RECORDS })
  })

  it('is plain JSON inside', async () => {
    expect(JSON.parse(await plain())).toMatchObject({ format: 'smallcap-project', version: 1, head: HEAD })
  })

  it('may hold no record at all', async () => {
    expect((await read(await write([]))).found).toEqual([])
  })

  it('leaves out what this page cannot read, and says what', async () => {
    const leftOut: string[] = []
    const strange = [{ key: 'text', value: { version: 9 } }, { key: 'other', value: 1 }, ...RECORDS.slice(1)]
    const file = await writeProjectFile(HEAD, given(strange), (key) => leftOut.push(key))
    expect(leftOut).toEqual(['text', 'other'])
    expect((await read(await file.arrayBuffer())).found).toEqual(RECORDS.slice(1))
  })

  it('says how far it is read', async () => {
    const file = new Blob([await write()])
    const counts: number[] = []
    const { records } = await openProjectFile(file, (bytes) => counts.push(bytes))
    for await (const record of records) expect(record).toBeDefined()
    expect(counts.at(-1)).toBe(file.size)
  })
})

describe('a broken file is refused with its place', () => {
  it.each([
    ['nothing', () => '', /empty/],
    ['another file', () => 'text,label\nGood,positive\n', /no file of a Smallcap project/],
    ['a picture', () => new Uint8Array([0x89, 0x50, 0x4e, 0x47, 0xff, 0xfe]), /beyond line 0/],
    [
      'a newer version',
      (text: string) => text.replace('"version":1', '"version":2'),
      /version 2.*newer page/,
    ],
    [
      'a head without a name',
      (text: string) => text.replace('"name":', '"title":'),
      /Line 1 does not describe/,
    ],
    ['an id that is a path', (text: string) => text.replace('id-1', 'a/b'), /Line 1 does not describe/],
    ['the first project’s slot as an id', (text: string) => text.replace('id-1', 'first'), /Line 1 does not/],
    ['a line that is cut', (text: string) => text.slice(0, text.indexOf('file/0') + 30), /Line 3 is damaged/],
    ['an end that is missing', (text: string) => text.slice(0, text.lastIndexOf(']')), /ends after line 4/],
    [
      'a record of no project',
      (text: string) => text.replace('"text",', '"settings",'),
      /Line 2.*no project has: “settings”/,
    ],
    [
      'a key above the project',
      (text: string) => text.replace('"text",', '"../text",'),
      /Line 2.*no project has/,
    ],
    [
      'a record in another form',
      (text: string) => text.replace('"lines":[', '"rows":['),
      /Line 3: the record “file\/0”/,
    ],
    [
      'a record that comes twice',
      (text: string) => text.replace('file/0', 'text').replace(/,"id":"f","lines":\[.*?\]\}/, ',"text":"a"}'),
      /Line 3.*second time/,
    ],
    ['a changed text', (text: string) => text.replace('One.', 'Own.'), /hash does not fit/],
    ['a changed head', (text: string) => text.replace('Line one', 'Line two'), /hash does not fit/],
    [
      'a line less',
      (text: string) =>
        text
          .split('\n')
          .filter((line) => !line.includes('file/0'))
          .join('\n'),
      /hash does not fit/,
    ],
    ['another end', (text: string) => text.replace('"sha256":', '"md5":'), /Line 5 is not the end/],
  ])('%s', async (_, spoil, message) => {
    expect(await refusal(spoil(await plain()))).toMatch(message)
  })

  it('cut off or changed while it is compressed', async () => {
    const whole = await write()
    expect(await refusal(whole.subarray(0, whole.length - 40))).toMatch(/cannot be read beyond line/)
    expect(await refusal(gzipSync('{"format":1}'))).toMatch(/no file of a Smallcap project/)
  })
})
