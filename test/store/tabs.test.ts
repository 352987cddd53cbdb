import 'fake-indexeddb/auto'
import { IDBFactory } from 'fake-indexeddb'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { openKeptFiles } from '../../workers/kept/kept-files'
import type { StoreProgress } from '../../src/store/contract'
import { startHub, type Hub } from '../hub/hub'
import { sha256Of } from '../hub/repository'
import { Tabs } from '../support/tabs'
import { t5 } from './models'
import { nothing, openStore, requestOf, valueOf, type OpenedStore } from './open-store'

const model = t5('someone/t5', 40_000)
const weights = model.files.get('model.safetensors')!
let hub: Hub
let tabs: Tabs

beforeEach(async () => {
  vi.stubGlobal('indexedDB', new IDBFactory())
  hub = await startHub([model])
  hub.faults.bytesPerSecond = 20_000
  tabs = new Tabs()
})
afterEach(() => hub.close())

/** Begins a download and waits until so many bytes of it have come. */
async function begun(opened: OpenedStore, bytes = 15_000) {
  const request = await requestOf(opened, hub)
  let come: () => void = nothing
  const hasCome = new Promise<void>((resolve) => {
    come = resolve
  })
  const onProgress = ({ doneBytes }: StoreProgress) => {
    if (doneBytes >= bytes) come()
  }
  const outcome = opened.store.download(request, onProgress)
  await hasCome
  return { id: request.choice.model, request, outcome }
}

const isWhole = async () => expect(await openKeptFiles().read(sha256Of(weights))).toEqual(weights)
const stateOf = async ({ store }: OpenedStore) => (await valueOf(store.list()))[0]?.state

describe('pause', () => {
  it('keeps what is there, is remembered, and resume goes on from it', async () => {
    const opened = openStore({}, tabs)
    const { id, outcome } = await begun(opened)
    await opened.store.pause(id)
    expect(await outcome).toMatchObject({ ok: false, error: { code: 'paused' } })
    const later = openStore({}, tabs)
    const [listed] = await valueOf(later.store.list())
    expect(listed).toMatchObject({ id, state: { phase: 'paused' } })
    expect(listed!.doneBytes).toBeGreaterThan(10_000)
    const before = hub.sentBytes()
    await valueOf(later.store.resume(id, nothing))
    expect(hub.sentBytes() - before).toBeLessThanOrEqual(listed!.totalBytes - listed!.doneBytes)
    await isWhole()
  })

  it('reaches a download in another tab', async () => {
    const [first, second] = [openStore({}, tabs), openStore({}, tabs)]
    const { id, outcome } = await begun(first)
    expect(await stateOf(second)).toEqual({ phase: 'downloading' })
    await second.store.pause(id)
    expect(await outcome).toMatchObject({ ok: false, error: { code: 'paused' } })
    expect(await stateOf(second)).toEqual({ phase: 'paused' })
  })
})

describe('a tab that dies', () => {
  it('leaves an interrupted download that goes on from its last chunk', async () => {
    const first = openStore({}, tabs)
    const { id } = await begun(first)
    first.kill()
    const second = openStore({}, tabs)
    const [listed] = await valueOf(second.store.list())
    expect(listed).toMatchObject({ id, state: { phase: 'interrupted' } })
    const before = hub.sentBytes()
    await valueOf(second.store.resume(id, nothing))
    // Requests of the dead tab may have been under way still.
    expect(hub.sentBytes() - before).toBeLessThanOrEqual(listed!.totalBytes - listed!.doneBytes + 4 * 1_000)
    await isWhole()
  })

  it('is followed by one that waited for it', async () => {
    const [first, second] = [openStore({}, tabs), openStore({}, tabs)]
    const { request } = await begun(first)
    const seen: number[] = []
    const outcome = second.store.download(request, ({ doneBytes }) => void seen.push(doneBytes))
    await vi.waitFor(() => expect(seen.length).toBeGreaterThan(0))
    first.kill()
    await valueOf(outcome)
    await isWhole()
  })
})

describe('two tabs', () => {
  it('do the work once, and both see it through', async () => {
    const [first, second] = [openStore({}, tabs), openStore({}, tabs)]
    const { request, outcome } = await begun(first, 5_000)
    const seen: number[] = []
    const other = second.store.download(request, ({ doneBytes }) => void seen.push(doneBytes))
    expect(await valueOf(outcome)).toEqual(await valueOf(other))
    expect(seen.length).toBeGreaterThan(0)
    const small = [...model.files.values()].reduce((sum, { length }) => sum + length, 0) - weights.length
    expect(hub.sentBytes()).toBeLessThanOrEqual(weights.length + 3 * small)
    await isWhole()
  })

  it('end alike when it is paused, and when it fails', async () => {
    const [first, second] = [openStore({}, tabs), openStore({}, tabs)]
    const { id, request, outcome } = await begun(first)
    const other = second.store.download(request, nothing)
    await second.store.pause(id)
    expect(await outcome).toMatchObject({ ok: false, error: { code: 'paused' } })
    expect(await other).toMatchObject({ ok: false, error: { code: 'paused' } })

    const again = first.store.resume(id, nothing)
    const follower = second.store.resume(id, nothing)
    hub.faults.answer = () => ({ status: 404 })
    expect(await again).toMatchObject({ ok: false, error: { code: 'not-found' } })
    expect(await follower).toMatchObject({ ok: false, error: { code: 'not-found' } })
  })

  it('are both told what could make room where there is none', async () => {
    let measure: () => void = nothing
    const measured = new Promise<void>((resolve) => (measure = resolve))
    const estimate = () => measured.then(() => ({ quota: 10, usage: 5 }))
    const [first, second] = [openStore({ estimate }, tabs), openStore({ estimate }, tabs)]
    const request = await requestOf(first, hub)
    const outcome = first.store.download(request, nothing)
    const other = second.store.download(request, nothing)
    setTimeout(measure, 50)
    const full = { ok: false, error: { code: 'disk-full', couldRemove: [] } }
    expect(await outcome).toMatchObject(full)
    expect(await other).toMatchObject(full)
  })

  it('of which one removes the model leave nothing of it', async () => {
    const [first, second] = [openStore({}, tabs), openStore({}, tabs)]
    const { id, outcome } = await begun(first)
    await valueOf(second.store.remove(id))
    expect(await outcome).toMatchObject({ ok: false, error: { code: 'cancelled' } })
    expect(await valueOf(first.store.list())).toEqual([])
    expect(await valueOf(first.store.usage())).toMatchObject({ modelBytes: 0, models: [] })
    const keys = await new Promise<unknown>((resolve) => {
      const opening = indexedDB.open('smallcap-models')
      opening.onsuccess = () => {
        const all = opening.result.transaction('files').objectStore('files').getAllKeys()
        all.onsuccess = () => resolve(all.result)
      }
    })
    expect(keys).toEqual([])
  })
})

it('what is not stored cannot be resumed', async () => {
  expect(await openStore().store.resume('hub:none@1:t5-int8', nothing)).toMatchObject({
    ok: false,
    error: { code: 'unknown-model' },
  })
})
