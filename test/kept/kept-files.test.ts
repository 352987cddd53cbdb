import 'fake-indexeddb/auto'
import { beforeEach, expect, it, vi } from 'vitest'
import { IDBFactory } from 'fake-indexeddb'
import { createStore, keys } from 'idb-keyval'
import { openKeptFiles } from '../../workers/kept/kept-files'

beforeEach(() => {
  vi.stubGlobal('indexedDB', new IDBFactory())
})

const bytesOf = (text: string) => new TextEncoder().encode(text)
const textOf = async (bytes: Promise<Uint8Array | undefined>) => new TextDecoder().decode(await bytes)
const storedKeys = async () => (await keys<string>(createStore('smallcap-models', 'files'))).sort()

it('gives back what was kept, and nothing for what was not', async () => {
  const files = openKeptFiles()
  await files.keep(
    'nano',
    ['a', 'b'],
    new Map([
      ['a', bytesOf('one')],
      ['b', bytesOf('two')],
    ]),
  )
  expect(await textOf(files.read('a'))).toBe('one')
  expect(await textOf(openKeptFiles().read('b'))).toBe('two')
  expect(await files.read('c')).toBeUndefined()
})

it('shares equal files between models, and lets go of those that none has any more', async () => {
  const files = openKeptFiles()
  await files.keep(
    'nano',
    ['tokenizer', 'old'],
    new Map([
      ['tokenizer', bytesOf('t')],
      ['old', bytesOf('o')],
    ]),
  )
  await files.keep('mini', ['tokenizer', 'other'], new Map([['other', bytesOf('x')]]))
  await files.keep('nano', ['tokenizer', 'new'], new Map([['new', bytesOf('n')]]))
  expect(await storedKeys()).toEqual(['file/new', 'file/other', 'file/tokenizer', 'model/mini', 'model/nano'])
  await files.keep('mini', ['other'], new Map())
  expect(await storedKeys()).toContain('file/tokenizer')
})

it('puts a fresh file in place of the one that was kept', async () => {
  const files = openKeptFiles()
  await files.keep('nano', ['a'], new Map([['a', bytesOf('damaged')]]))
  await files.keep('nano', ['a'], new Map([['a', bytesOf('whole')]]))
  expect(await textOf(files.read('a'))).toBe('whole')
})

it('answers nothing where the browser refuses, and rejects what it cannot keep', async () => {
  vi.stubGlobal('indexedDB', {
    open: () => {
      throw new DOMException('refused', 'SecurityError')
    },
  })
  const files = openKeptFiles()
  expect(await files.read('a')).toBeUndefined()
  await expect(files.keep('nano', ['a'], new Map([['a', bytesOf('one')]]))).rejects.toThrow('refused')
})

it('answers nothing for bytes that are gone from the disk', async () => {
  const files = openKeptFiles()
  await files.keep('nano', ['a'], new Map([['a', bytesOf('one')]]))
  vi.spyOn(Blob.prototype, 'arrayBuffer').mockRejectedValueOnce(new DOMException('gone', 'NotReadableError'))
  expect(await files.read('a')).toBeUndefined()
})
