import 'fake-indexeddb/auto'
import { IDBFactory } from 'fake-indexeddb'
import { createStore, get, set } from 'idb-keyval'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { openRecordStore } from '../../src/storage/record-store'

beforeEach(() => {
  vi.stubGlobal('indexedDB', new IDBFactory())
})

const entries = (record: Readonly<Record<string, unknown>>) => new Map(Object.entries(record))

describe('the database', () => {
  it('is the one that earlier versions of the page wrote', async () => {
    await set('text', 'kept', createStore('smallcap-workspace', 'records'))
    const store = openRecordStore()
    expect(await store.read('text')).toBe('kept')
    await store.writeAll(entries({ text: 'new' }))
    expect(await get('text', createStore('smallcap-workspace', 'records'))).toBe('new')
  })

  it('rejects where the browser refuses it, and is tried again', async () => {
    const store = openRecordStore()
    const refusing = vi.spyOn(indexedDB, 'open').mockImplementation(() => {
      throw new DOMException('refused', 'SecurityError')
    })
    await expect(store.read('text')).rejects.toThrow('refused')
    await expect(store.readBelow('')).rejects.toThrow('refused')
    expect(await store.addStrict(entries({ text: 'a' }))).toBe('refused')
    refusing.mockRestore()
    expect(await store.addStrict(entries({ text: 'a' }))).toBe('stored')
  })
})

describe('readBelow', () => {
  it('reads what lies below a prefix in the order of the keys, and nothing beside it', async () => {
    const store = openRecordStore()
    await store.writeAll(entries({ 'a/2': 2, 'a/10': 10, a: 0, ab: 1, 'b/1': 3, 'a/\u{1F600}': 4 }))
    expect([...(await store.readBelow('a/'))]).toEqual([
      ['a/10', 10],
      ['a/2', 2],
      ['a/\u{1F600}', 4],
    ])
    expect(await store.keysBelow('a/')).toEqual(['a/10', 'a/2', 'a/\u{1F600}'])
    expect((await store.readBelow('')).size).toBe(6)
    expect((await store.readBelow('c')).size).toBe(0)
  })
})

describe('writeAll', () => {
  it('writes all or nothing', async () => {
    const store = openRecordStore()
    await store.writeAll(entries({ a: 1 }))
    const unstorable = () => undefined
    await expect(store.writeAll(entries({ a: 2, b: unstorable }))).rejects.toThrow()
    expect([...(await store.readBelow(''))]).toEqual([['a', 1]])
  })

  it('deletes below a key that ends in a slash', async () => {
    const store = openRecordStore()
    await store.writeAll(entries({ 'x/file/0': 1, 'x/file': 1, 'file/0': 1, file: 1 }))
    await store.writeAll(entries({ 'file/': undefined }))
    expect(await store.keysBelow('')).toEqual(['file', 'x/file', 'x/file/0'])
  })
})

describe('addStrict', () => {
  it('asks for the disk, not for its cache', async () => {
    const asked = vi.spyOn(IDBDatabase.prototype, 'transaction')
    expect(await openRecordStore().addStrict(entries({ a: 1 }))).toBe('stored')
    expect(asked).toHaveBeenLastCalledWith('records', 'readwrite', { durability: 'strict' })
  })

  it('adds all or nothing and replaces nothing', async () => {
    const store = openRecordStore()
    expect(await store.addStrict(entries({ a: 1, b: 2 }))).toBe('stored')
    expect(await store.addStrict(entries({ c: 3, b: 4 }))).toBe('exists')
    expect([...(await store.readBelow(''))]).toEqual([
      ['a', 1],
      ['b', 2],
    ])
  })

  it('tells a refusal from a key that is taken', async () => {
    const store = openRecordStore()
    expect(await store.addStrict(entries({ a: 1, b: () => undefined }))).toBe('refused')
    expect(await store.keysBelow('')).toEqual([])
  })

  it('lets one of two tabs have a key', async () => {
    const outcomes = await Promise.all(
      [1, 2].map((tab) => openRecordStore().addStrict(entries({ 'event/1': tab }))),
    )
    expect(outcomes.sort()).toEqual(['exists', 'stored'])
  })
})

describe('change', () => {
  it('lets no other tab write between reading and writing', async () => {
    const [one, other] = [openRecordStore(), openRecordStore()]
    const add = (stored: unknown) => (typeof stored === 'number' ? stored : 0) + 1
    await Promise.all(Array.from({ length: 20 }, (_, turn) => (turn % 2 ? one : other).change('count', add)))
    expect(await one.read('count')).toBe(20)
  })

  it('deletes where nothing is left, and changes nothing where the change throws', async () => {
    const store = openRecordStore()
    await store.writeAll(entries({ a: 1, b: 2 }))
    expect(await store.change('a', () => undefined)).toBeUndefined()
    const fail = () => {
      throw new RangeError('no')
    }
    await expect(store.change('b', fail)).rejects.toThrow(RangeError)
    expect([...(await store.readBelow(''))]).toEqual([['b', 2]])
  })
})
