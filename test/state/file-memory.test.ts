import { describe, expect, it } from 'vitest'
import { FileMemory } from '../../src/state/file-memory.svelte'
import { readStoredFile, type FileSource } from '../../src/storage/file-record'
import { PAGE_ROWS } from '../../src/storage/results-record'
import { createWorkspace } from '../../src/storage/workspace'
import { MemoryStore } from '../support/memory-store'

const fileOf = (rows: number, name = 'a.csv'): FileSource => ({
  name,
  skipped: 2,
  unreadableRows: 1,
  lines: Array.from({ length: rows }, (_, index) => ({
    line: index + 2,
    text: `${name} ${index}`,
    ...(index % 2 === 1 && { pair: `pair ${index}`, goldId: 'neutral' }),
    other: Object.fromEntries([
      ['id', `${index}`],
      ['__proto__', 'a'],
      ['constructor', 'b'],
    ]),
  })),
})

function setUp(store = new MemoryStore()) {
  const notes: string[] = []
  const workspace = createWorkspace(store, (note) => notes.push(note))
  let id = 0
  const memory = new FileMemory(workspace, () => `file ${(id += 1)}`, { value: undefined, isRefused: true })
  return { store, notes, workspace, memory }
}

describe('the rows of a file', () => {
  it('come back whole over several pages, columns of any name among them', async () => {
    const { memory, workspace, store } = setUp()
    const file = fileOf(2 * PAGE_ROWS + 5)
    const kept = memory.keep(file)
    expect(memory.keeping).toBe('storing')
    await kept
    expect(memory.keeping).toBe('stored')
    expect((await readStoredFile(workspace)).value).toEqual(file)
    expect([...store.records.keys()].sort()).toEqual(['file', 'file/0', 'file/1', 'file/2'])
  })

  it('are written a page at a time', async () => {
    const { memory, store } = setUp()
    await memory.keep(fileOf(100 * PAGE_ROWS))
    const rows = store.writes.map((entries) => [...entries.values()].filter((value) => value !== undefined))
    expect(rows.map(({ length }) => length)).toEqual([0, ...Array.from({ length: 101 }, () => 1)])
  })

  it('are gone once the file is left, also while they are still being written', async () => {
    const { memory, store, workspace } = setUp()
    await memory.keep(fileOf(3 * PAGE_ROWS))
    await memory.forget()
    expect(store.records.size).toBe(0)
    const kept = memory.keep(fileOf(50 * PAGE_ROWS))
    await workspace.write({ text: 'a' })
    await memory.forget()
    await kept
    expect([...store.records.keys()]).toEqual(['text'])
    expect(memory.keeping).toBe('none')
  })

  it('give way to another file, of which no page is left over', async () => {
    const { memory, store, workspace } = setUp()
    const first = memory.keep(fileOf(50 * PAGE_ROWS, 'long.csv'))
    await memory.keep(fileOf(3, 'short.csv'))
    await first
    expect([...store.records.keys()].sort()).toEqual(['file', 'file/0'])
    expect((await readStoredFile(workspace)).value?.name).toBe('short.csv')
    await memory.keep(fileOf(2 * PAGE_ROWS, 'long.csv'))
    await memory.keep(fileOf(3, 'short.csv'))
    expect([...store.records.keys()].sort()).toEqual(['file', 'file/0'])
  })

  it('are left out, and removed, when the visit ended before they were whole', async () => {
    const { memory, store } = setUp()
    await memory.keep(fileOf(3 * PAGE_ROWS))
    const [begun, first] = store.writes
    const later = new MemoryStore()
    await later.writeAll(new Map([...(begun ?? []), ...(first ?? [])]))
    expect([...later.records.keys()]).toEqual(['file/0'])
    const workspace = createWorkspace(later, () => undefined)
    const stored = await readStoredFile(workspace)
    expect(stored).toEqual({ value: undefined, isRefused: false })
    new FileMemory(workspace, () => 'new', stored)
    await workspace.write({ text: 'a' })
    expect([...later.records.keys()]).toEqual(['text'])
  })

  it.each(['file', 'file/1'])('are left alone when %s could not be read this once', async (key) => {
    const { memory, store, workspace } = setUp()
    const file = fileOf(2 * PAGE_ROWS)
    await memory.keep(file)
    store.unreadable = key
    const later = new FileMemory(workspace, () => 'new', await readStoredFile(workspace))
    await workspace.write({ text: 'a' })
    expect(later.keeping).toBe('none')
    store.unreadable = undefined
    expect((await readStoredFile(workspace)).value).toEqual(file)
  })

  it.each([
    ['a page is gone', (store: MemoryStore) => store.records.delete('file/0')],
    [
      'a page is of another file',
      (store: MemoryStore) => store.records.set('file/0', { version: 1, id: 'other', lines: [] }),
    ],
    [
      'a cell is no text',
      (store: MemoryStore) =>
        store.records.set('file/0', {
          version: 1,
          id: 'file 1',
          lines: [{ line: 1, text: 'a', other: { a: 1 } }],
        }),
    ],
  ])('are left out when %s', async (_, spoil) => {
    const { memory, store, workspace } = setUp()
    await memory.keep(fileOf(1))
    spoil(store)
    expect((await readStoredFile(workspace)).value).toBeUndefined()
  })

  it('are told to be refused, and leave nothing half written', async () => {
    const { memory, store, notes } = setUp()
    const write = store.writeAll.bind(store)
    let writes = 0
    store.writeAll = (entries) => {
      const holdsRows = [...entries].some(([key, value]) => key.startsWith('file/') && value !== undefined)
      return holdsRows && (writes += 1) > 2
        ? Promise.reject(new DOMException('full', 'QuotaExceededError'))
        : write(entries)
    }
    await memory.keep(fileOf(5 * PAGE_ROWS))
    expect(memory.keeping).toBe('refused')
    expect(store.records.size).toBe(0)
    expect(notes).toHaveLength(1)
  })
})
