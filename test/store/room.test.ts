import 'fake-indexeddb/auto'
import { IDBFactory } from 'fake-indexeddb'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { openDatabase, type UseStore } from '../../workers/kept/database'
import { startHub, type Hub } from '../hub/hub'
import { Tabs } from '../support/tabs'
import { sharingWith, t5 } from './models'
import { nothing, openStore, requestOf, valueOf } from './open-store'

const model = t5()
const other = sharingWith(model)
let hub: Hub

beforeEach(async () => {
  vi.stubGlobal('indexedDB', new IDBFactory())
  hub = await startHub([model, other])
})
afterEach(() => hub.close())

/** A database that refuses to write after so many times, until it is told otherwise. */
function fillable(writes: number) {
  const written = openDatabase()
  const disk = { writes }
  const database: UseStore = (mode, use) =>
    mode === 'readwrite' && (disk.writes -= 1) < 0
      ? Promise.reject(new DOMException('no room', 'QuotaExceededError'))
      : written(mode, use)
  return { disk, database }
}

const full = { phase: 'interrupted', error: { code: 'disk-full' } }

describe('room', () => {
  it.each([0, 1, 2, 4])('that ends after %d writes is told with what could be removed', async (writes) => {
    const opened = openStore()
    const first = await valueOf(opened.store.download(await requestOf(opened, hub, 'someone/other'), nothing))
    const { store } = openStore({ database: fillable(writes).database })
    expect(await store.download(await requestOf({ store }, hub), nothing)).toMatchObject({
      ok: false,
      error: { code: 'disk-full', couldRemove: [{ model: first.id, bytes: first.storedBytes }] },
    })
    // Once it has a record, the list says why it waits, though the note of that finds no room either.
    const waiting = (await valueOf(store.list())).filter(({ id }) => id !== first.id)
    expect(waiting).toMatchObject(writes === 0 ? [] : [{ state: full }])
  })

  it('that a paused download does not find is told instead of the pause', async () => {
    const { disk, database } = fillable(Infinity)
    const { store } = openStore({ database })
    const request = await requestOf({ store }, hub)
    hub.faults.bytesPerSecond = 10_000
    const ended = store.download(request, ({ model: id }) => void store.pause(id))
    expect(await ended).toMatchObject({ ok: false, error: { code: 'paused' } })
    expect(await valueOf(store.list())).toMatchObject([{ state: { phase: 'paused' } }])
    disk.writes = 0
    await store.resume(request.choice.model, nothing)
    expect(await valueOf(store.list())).toMatchObject([{ state: full }])
  })

  it.each(['this tab', 'another tab'])(
    'that came back is no longer said to lack once %s tries',
    async (where) => {
      const tabs = new Tabs()
      const { disk, database } = fillable(1)
      const { store } = openStore({ database }, tabs)
      const request = await requestOf({ store }, hub)
      await store.download(request, nothing)
      expect(await valueOf(store.list())).toMatchObject([{ state: full }])
      disk.writes = Infinity
      hub.faults.answer = () => ({ status: 404 })
      await (where === 'this tab' ? store : openStore({}, tabs).store).download(request, nothing)
      expect(await valueOf(store.list())).toMatchObject([
        { state: { phase: 'interrupted', error: { code: 'not-found' } } },
      ])
    },
  )

  it('that is too little is told before a byte is fetched, with what could be removed', async () => {
    const opened = openStore()
    const first = await valueOf(opened.store.download(await requestOf(opened, hub, 'someone/other'), nothing))
    const full = openStore({ estimate: () => Promise.resolve({ quota: 10_000, usage: 5_000 }) })
    const request = await requestOf(full, hub)
    const before = hub.sentBytes()
    expect(await full.store.download(request, nothing)).toMatchObject({
      ok: false,
      error: { code: 'disk-full', couldRemove: [{ model: first.id, bytes: first.storedBytes }] },
    })
    expect(hub.sentBytes()).toBe(before)
    expect((await valueOf(full.store.list())).find(({ id }) => id === first.id)).toMatchObject({
      state: { phase: 'complete' },
    })
  })
})
