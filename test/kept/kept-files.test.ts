import 'fake-indexeddb/auto'
import { beforeEach, expect, it, vi } from 'vitest'
import { IDBFactory } from 'fake-indexeddb'
import { createStore, keys, setMany } from 'idb-keyval'
import { CHUNK_BYTES } from '../../workers/kept/database'
import { openKeptFiles } from '../../workers/kept/kept-files'

beforeEach(() => {
  vi.stubGlobal('indexedDB', new IDBFactory())
})

const bytesOf = (text: string) => new TextEncoder().encode(text)
const textOf = async (bytes: Promise<Uint8Array | undefined>) => new TextDecoder().decode(await bytes)
const storedKeys = async () => (await keys<string>(createStore('smallcap-models', 'files'))).sort()
/** Files by their hash, which these tests make up. */
const named = (...hashes: string[]) =>
  hashes.map((sha256) => ({ path: `${sha256}.json`, sizeBytes: 1, sha256 }))
const fresh = (files: Readonly<Record<string, string>>) =>
  new Map(Object.entries(files).map(([sha256, text]) => [sha256, bytesOf(text)]))

it('gives back what was kept, and nothing for what was not', async () => {
  const files = openKeptFiles()
  await files.keep('nano', named('a', 'b'), fresh({ a: 'one', b: 'two' }))
  expect(await textOf(files.read('a'))).toBe('one')
  expect(await textOf(openKeptFiles().read('b'))).toBe('two')
  expect(await files.read('c')).toBeUndefined()
  expect(await files.readManifest('nano')).toBeUndefined()
})

it('keeps a long file in chunks, and an empty one in none', async () => {
  const files = openKeptFiles()
  const long = new Uint8Array(CHUNK_BYTES * 2 + 5).map((_, index) => index % 251)
  await files.keep(
    'nano',
    named('long', 'empty'),
    new Map([
      ['long', long],
      ['empty', new Uint8Array()],
    ]),
  )
  const read = await files.read('long')
  expect(read?.length).toBe(long.length)
  expect(Buffer.compare(read!, long)).toBe(0)
  expect(await files.read('empty')).toEqual(new Uint8Array())
  expect((await storedKeys()).filter((key) => key.startsWith('chunk/'))).toHaveLength(3)
})

it('shares equal files between models, and lets go of those that none has any more, chunks included', async () => {
  const files = openKeptFiles()
  await files.keep('nano', named('tokenizer', 'old'), fresh({ tokenizer: 't', old: 'o' }))
  await files.keep('mini', named('tokenizer', 'other'), fresh({ other: 'x' }))
  await files.keep('nano', named('tokenizer', 'new'), fresh({ new: 'n' }))
  const stored = await storedKeys()
  expect(stored.filter((key) => !key.startsWith('chunk/'))).toEqual([
    'file/new',
    'file/other',
    'file/tokenizer',
    'model/mini',
    'model/nano',
  ])
  expect(stored.filter((key) => key.startsWith('chunk/'))).toHaveLength(3)
  await files.keep('mini', named('other'), new Map())
  expect(await storedKeys()).toContain('file/tokenizer')
})

it('puts a fresh file in place of the one that was kept', async () => {
  const files = openKeptFiles()
  await files.keep('nano', named('a'), fresh({ a: 'damaged' }))
  await files.keep('nano', named('a'), fresh({ a: 'whole' }))
  expect(await textOf(files.read('a'))).toBe('whole')
  expect((await storedKeys()).filter((key) => key.startsWith('chunk/'))).toHaveLength(1)
})

it('makes nothing of what an earlier version kept, and clears it away', async () => {
  await setMany(
    [
      ['file/a', new Blob(['one'])],
      ['model/nano', ['a']],
    ],
    createStore('smallcap-models', 'files'),
  )
  const files = openKeptFiles()
  expect(await files.read('a')).toBeUndefined()
  await files.keep('nano', named('b'), fresh({ b: 'two' }))
  expect((await storedKeys()).filter((key) => !key.startsWith('chunk/'))).toEqual(['file/b', 'model/nano'])
})

it('answers nothing where the browser refuses, and rejects what it cannot keep', async () => {
  vi.stubGlobal('indexedDB', {
    open: () => {
      throw new DOMException('refused', 'SecurityError')
    },
  })
  const files = openKeptFiles()
  expect(await files.read('a')).toBeUndefined()
  expect(await files.readManifest('nano')).toBeUndefined()
  await expect(files.keep('nano', named('a'), fresh({ a: 'one' }))).rejects.toThrow('refused')
  await expect(files.noteUse('nano', 1)).rejects.toThrow('refused')
})

it('keeps all of a model or nothing', async () => {
  const files = openKeptFiles()
  await files.keep('nano', named('a'), fresh({ a: 'one' }))
  // After everything was put.
  vi.spyOn(IDBObjectStore.prototype, 'getAllKeys').mockImplementationOnce(() => {
    throw new DOMException('no room', 'QuotaExceededError')
  })
  await expect(files.keep('mini', named('b'), fresh({ b: 'two' }))).rejects.toThrow('no room')
  expect((await storedKeys()).filter((key) => !key.startsWith('chunk/'))).toEqual(['file/a', 'model/nano'])
  expect(await textOf(files.read('a'))).toBe('one')
})

it('answers nothing for bytes that are gone from the disk', async () => {
  const files = openKeptFiles()
  await files.keep('nano', named('a'), fresh({ a: 'one' }))
  vi.spyOn(Blob.prototype, 'arrayBuffer').mockRejectedValueOnce(new DOMException('gone', 'NotReadableError'))
  expect(await files.read('a')).toBeUndefined()
})
