import * as v from 'valibot'
import { describe, expect, it } from 'vitest'
import { createWorkspace } from '../../src/storage/workspace'
import { MemoryStore } from '../support/memory-store'

const schema = v.object({ version: v.literal(1), text: v.string() })

function setUp() {
  const store = new MemoryStore()
  const notes: string[] = []
  return { store, notes, workspace: createWorkspace(store, (note) => notes.push(note)) }
}

describe('createWorkspace', () => {
  it('gives back what was written', async () => {
    const { workspace, notes } = setUp()
    await workspace.write({ text: { version: 1, text: 'kept' } })
    expect(await workspace.read('text', schema)).toEqual({
      value: { version: 1, text: 'kept' },
      isRefused: false,
    })
    expect(notes).toEqual([])
  })

  it('leaves out a record of another version, with a note, and does not throw', async () => {
    const { store, workspace, notes } = setUp()
    store.records.set('text', { version: 2, words: [] })
    expect(await workspace.read('text', schema)).toEqual({ value: undefined, isRefused: false })
    expect(notes).toEqual([expect.stringContaining('(text) could not be read')])
  })

  it('says nothing of a record that was never written', async () => {
    const { workspace, notes } = setUp()
    expect(await workspace.read('text', schema)).toEqual({ value: undefined, isRefused: false })
    expect(notes).toEqual([])
  })

  it('gathers writes that come while one is under way; the last value of a key wins', async () => {
    const { store, workspace } = setUp()
    const first = workspace.write({ text: 'a' })
    await Promise.resolve()
    const later = ['b', 'c', 'd'].map((text) => workspace.write({ text, other: text }))
    await Promise.all([first, ...later])
    expect(store.writes).toHaveLength(2)
    expect(store.records.get('text')).toBe('d')
    expect(store.records.get('other')).toBe('d')
  })

  it('resolves only once the value is stored', async () => {
    const { store, workspace } = setUp()
    expect(await workspace.write({ text: 'a' })).toBe(true)
    expect(store.records.get('text')).toBe('a')
  })

  it('deletes a key whose value is undefined', async () => {
    const { store, workspace } = setUp()
    await workspace.write({ text: 'a' })
    await workspace.write({ text: undefined })
    expect(store.records.has('text')).toBe(false)
  })

  it('deletes all below a key that ends in a slash, except what is written after', async () => {
    const { store, workspace } = setUp()
    store.records.set('pages/0', 'old').set('pages/1', 'old').set('pages', 'head').set('pagesX', 'other')
    const first = workspace.write({ other: 1 })
    await Promise.resolve()
    const later = [{ 'pages/2': 'old' }, { 'pages/': undefined }, { 'pages/0': 'new' }]
    await Promise.all([first, ...later.map((entries) => workspace.write(entries))])
    expect([...store.records.keys()].sort()).toEqual(['other', 'pages', 'pages/0', 'pagesX'])
    expect(store.records.get('pages/0')).toBe('new')
  })

  it('works where storage is refused, and says so once', async () => {
    const { store, workspace, notes } = setUp()
    store.isRefusing = true
    expect(await workspace.read('text', schema)).toEqual({ value: undefined, isRefused: true })
    expect(await workspace.write({ text: 'a' })).toBe(false)
    expect(await workspace.write({ text: 'b' })).toBe(false)
    expect(notes).toEqual([expect.stringContaining('refuses to store')])
  })
})
