import * as v from 'valibot'
import { describe, expect, it } from 'vitest'
import { createWorkspace, within } from '../../src/storage/workspace'
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

describe('readBelow', () => {
  it('gives what fits under its key without the prefix, and names what does not', async () => {
    const { store, workspace, notes } = setUp()
    store.records
      .set('pages/b', { version: 1, text: 'b' })
      .set('pages/a', { version: 1, text: 'a' })
      .set('pages/c', { version: 2 })
      .set('pages', { version: 1, text: 'head' })
    const { records, unread, isRefused } = await workspace.readBelow('pages/', schema)
    expect([[...records.keys()], unread, isRefused]).toEqual([['a', 'b'], ['c'], false])
    expect(notes).toEqual([expect.stringContaining('(pages/c) could not be read')])
    expect(store.records.has('pages/c')).toBe(true)
  })

  it('tells a refusal from nothing', async () => {
    const { store, workspace } = setUp()
    store.isRefusing = true
    expect((await workspace.readBelow('pages/', schema)).isRefused).toBe(true)
  })
})

describe('addStrict', () => {
  it('does not wait for what is gathered, and notes a refusal once', async () => {
    const { store, workspace, notes } = setUp()
    const writing = workspace.write({ text: 'a' })
    expect(await workspace.addStrict({ 'event/1': 1 })).toBe('stored')
    expect(await workspace.addStrict({ 'event/1': 2, 'event/2': 2 })).toBe('exists')
    await writing
    expect([store.records.get('event/1'), store.records.has('event/2')]).toEqual([1, false])
    store.isRefusing = true
    expect(await workspace.addStrict({ 'event/3': 3 })).toBe('refused')
    expect(await workspace.addStrict({ 'event/3': 3 })).toBe('refused')
    expect(notes).toHaveLength(1)
  })
})

describe('settled', () => {
  it('resolves once all is stored, at once where nothing is to be', async () => {
    const { store, workspace } = setUp()
    await workspace.settled()
    void workspace.write({ a: 1 })
    void workspace.write({ b: 2 })
    await workspace.settled()
    expect([...store.records.keys()]).toEqual(['a', 'b'])
  })
})

describe('within', () => {
  it('keeps two scopes and what is outside apart, deletions among them', async () => {
    const { store, workspace } = setUp()
    const [first, one, two] = ['', 'project/1/', 'project/2/'].map((prefix) => within(workspace, prefix))
    for (const scope of [first, one, two])
      await scope?.write({ file: 'head', 'file/0': 'page', text: { version: 1, text: 'kept' } })
    await one?.write({ 'file/': undefined, file: undefined })
    await first?.write({ 'file/': undefined })
    expect([...store.records.keys()].sort()).toEqual([
      'file',
      'project/1/text',
      'project/2/file',
      'project/2/file/0',
      'project/2/text',
      'text',
    ])
    expect((await one?.read('text', schema))?.value?.text).toBe('kept')
  })

  it('reads and adds under its own keys', async () => {
    const { store, workspace } = setUp()
    const scope = within(workspace, 'project/1/')
    expect(await scope.addStrict({ 'event/1': { version: 1, text: 'a' } })).toBe('stored')
    expect([...store.records.keys()]).toEqual(['project/1/event/1'])
    expect([...(await scope.readBelow('event/', schema)).records]).toEqual([['1', { version: 1, text: 'a' }]])
  })
})
