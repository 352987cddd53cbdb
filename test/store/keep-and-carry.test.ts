import 'fake-indexeddb/auto'
import { IDBFactory } from 'fake-indexeddb'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { openKeptFiles } from '../../workers/kept/kept-files'
import { parseModelManifest } from '../../workers/formats/model-manifest'
import type { PickedFile, StoredModel, StoreProgress } from '../../src/store/contract'
import { startHub, type Hub } from '../hub/hub'
import { ownRepositories, sha256Of } from '../hub/repository'
import { noise, repository, t5 } from './models'
import { nothing, openStore, valueOf, type OpenedStore } from './open-store'
import { spoilChunks } from './spoil'

const model = t5()
const weights = model.files.get('model.safetensors')!
const nano = ownRepositories().find(({ id }) => id === 'own/smallcap-t5-nano')!
let hub: Hub

beforeEach(async () => {
  vi.stubGlobal('indexedDB', new IDBFactory())
  hub = await startHub([model, nano, repository('someone/other', Object.fromEntries(t5('x/y').files))])
})
afterEach(() => hub.close())

async function download({ store }: OpenedStore, name = 'someone/t5'): Promise<StoredModel> {
  const inspection = await valueOf(store.inspect('i', { kind: 'hub', repository: name, base: hub.address }))
  return valueOf(store.download({ inspection, choice: inspection.choices[0]! }, nothing))
}

const picked = (files: ReadonlyMap<string, Uint8Array<ArrayBuffer>>, folder = ''): readonly PickedFile[] =>
  [...files].map(([path, bytes]) => ({ path: folder + path, file: new Blob([bytes]) }))

describe('verify', () => {
  it('reads all bytes and finds nothing where nothing is wrong', async () => {
    const opened = openStore()
    const { id, storedBytes } = await download(opened)
    const steps: StoreProgress[] = []
    expect(await valueOf(opened.store.verify('v', id, (step) => void steps.push(step)))).toEqual({
      checkedBytes: storedBytes,
      damaged: [],
    })
    expect(steps.at(-1)).toMatchObject({ doneBytes: storedBytes, totalBytes: storedBytes })
  })

  it('finds what is damaged, lets go of it, and resume fetches that alone', async () => {
    const opened = openStore()
    const { id } = await download(opened)
    await spoilChunks(({ size }) => size > 400)
    const { damaged } = await valueOf(opened.store.verify('v', id, nothing))
    expect([...damaged].sort()).toEqual(['model.safetensors', 'tokenizer.json'])
    expect((await valueOf(opened.store.list()))[0]).toMatchObject({ state: { phase: 'damaged' } })
    expect(await openKeptFiles().readManifest(id)).toBeUndefined()
    expect(await openKeptFiles().read(sha256Of(weights))).toBeUndefined()
    const before = hub.requests.length
    expect(await valueOf(opened.store.resume(id, nothing))).toMatchObject({ state: { phase: 'complete' } })
    expect(hub.requests.slice(before).some(({ path }) => path.endsWith('/config.json'))).toBe(false)
    expect(await openKeptFiles().read(sha256Of(weights))).toEqual(weights)
  })

  it('can be stopped', async () => {
    const opened = openStore()
    const { id } = await download(opened)
    const outcome = opened.store.verify('v', id, nothing)
    await opened.store.cancel('v')
    expect(await outcome).toMatchObject({ ok: false, error: { code: 'cancelled' } })
    expect((await valueOf(opened.store.list()))[0]).toMatchObject({ state: { phase: 'complete' } })
  })
})

describe('a model as one file', () => {
  it('is carried to another browser, where it is the same', async () => {
    const opened = openStore()
    const stored = await download(opened)
    const archive = await valueOf(opened.store.exportModel('e', stored.id, nothing))
    vi.stubGlobal('indexedDB', new IDBFactory())
    await hub.close()
    const elsewhere = openStore()
    const imported = await valueOf(elsewhere.store.importModel('m', archive, nothing))
    expect(imported).toMatchObject({
      name: 'someone/t5',
      kind: 't5',
      numberFormat: 'as published',
      licence: 'apache-2.0',
      parameters: 12_345,
      origin: { kind: 'files' },
      state: { phase: 'complete' },
      storedBytes: stored.storedBytes,
    })
    expect(await openKeptFiles().read(sha256Of(weights))).toEqual(weights)
    // The same file once more is the same model.
    expect((await valueOf(elsewhere.store.importModel('m', archive, nothing))).id).toBe(imported.id)
    expect(await valueOf(elsewhere.store.list())).toHaveLength(1)
    hub = await startHub([])
  })

  it('is a tar that others read', async () => {
    const opened = openStore()
    const stored = await download(opened)
    const archive = await valueOf(opened.store.exportModel('e', stored.id, nothing))
    const { unpackTar } = await import('modern-tar')
    const entries = await unpackTar(new Uint8Array(await archive.arrayBuffer()), { strict: true })
    expect(entries.map(({ header }) => header.name)).toEqual([
      'model.json',
      'config.json',
      'tokenizer.json',
      'tokenizer_config.json',
      'model.safetensors',
    ])
    expect(entries.at(-1)!.data).toEqual(weights)
    expect(parseModelManifest(entries[0]!.data!, 'model.json').files).toHaveLength(4)
  })

  it('is imported from a tar of a published folder too, as it is', async () => {
    const { packTar } = await import('modern-tar')
    const entries = [...model.files].map(([name, body]) => ({
      header: { name: `written/${name}`, size: body.length, type: 'file' as const },
      body,
    }))
    const archive = new File([Uint8Array.from(await packTar(entries))], 'written.tar')
    const imported = await valueOf(openStore().store.importModel('m', archive, nothing))
    expect(imported).toMatchObject({ name: 'written', kind: 't5', numberFormat: 'as published' })
    expect(await openKeptFiles().read(sha256Of(weights))).toEqual(weights)
  })

  it('is not made of damaged bytes', async () => {
    const opened = openStore()
    const { id } = await download(opened)
    await spoilChunks(() => true)
    expect(await opened.store.exportModel('e', id, nothing)).toMatchObject({
      ok: false,
      error: { code: 'wrong-hash' },
    })
  })

  it.each([
    ['is no tar', async () => new Blob([noise(5_000, 'x')])],
    ['is empty', async () => new Blob([])],
    ['ends in the middle', async (archive: Blob) => archive.slice(0, archive.size - 6_000)],
    [
      'has another byte',
      async (archive: Blob) => {
        const bytes = new Uint8Array(await archive.arrayBuffer())
        const at = bytes.length - 5_000
        bytes[at] = bytes[at]! ^ 1
        return new Blob([bytes])
      },
    ],
  ])('that %s is refused, and leaves nothing', async (_, damage) => {
    const opened = openStore()
    const archive = await valueOf(opened.store.exportModel('e', (await download(opened)).id, nothing))
    vi.stubGlobal('indexedDB', new IDBFactory())
    const elsewhere = openStore()
    const outcome = await elsewhere.store.importModel('m', await damage(archive), nothing)
    expect(outcome).toMatchObject({ ok: false })
    expect(['not-a-model', 'wrong-hash']).toContain(outcome.ok ? '' : outcome.error.code)
    expect(await valueOf(elsewhere.store.list())).toEqual([])
    expect(await valueOf(elsewhere.store.usage())).toMatchObject({ modelBytes: 0 })
  })
})

describe('a folder of this device', () => {
  it('is recognised and stored, whatever it is called', async () => {
    const opened = openStore()
    const files = picked(model.files, 'my folder/')
    const inspection = await valueOf(opened.store.inspect('i', { kind: 'files', name: 'my folder', files }))
    expect(inspection).toMatchObject({ name: 'my folder', origin: { kind: 'files', name: 'my folder' } })
    const request = { inspection, choice: inspection.choices[0]!, files }
    expect(await valueOf(opened.store.download(request, nothing))).toMatchObject({
      state: { phase: 'complete' },
    })
    expect(await openKeptFiles().read(sha256Of(weights))).toEqual(weights)
  })

  it('whose files do not have the hashes of its model.json is not taken', async () => {
    const opened = openStore()
    const path = 'task.json'
    const changed = new Map(nano.files).set(
      path,
      nano.files.get(path)!.map((byte) => (byte === 0x20 ? 0x09 : byte)),
    )
    const files = picked(changed)
    const inspection = await valueOf(opened.store.inspect('i', { kind: 'files', name: 'nano', files }))
    const request = { inspection, choice: inspection.choices[0]!, files }
    expect(await opened.store.download(request, nothing)).toMatchObject({
      ok: false,
      error: { code: 'wrong-hash' },
    })
  })

  it('is another model where a file has other bytes, though all names and sizes are the same', async () => {
    const opened = openStore()
    const other = new Map(model.files).set('model.safetensors', noise(weights.length, 'trained further'))
    const ids: string[][] = []
    for (const each of [model.files, other, model.files]) {
      const place = { kind: 'files', name: 'a', files: picked(each) } as const
      ids.push((await valueOf(opened.store.inspect('i', place))).choices.map((choice) => choice.model))
    }
    expect(ids[2]).toEqual(ids[0])
    expect(ids[1]?.some((id) => ids[0]?.includes(id))).toBe(false)
  })

  it('is to be picked again where it was left in the middle', async () => {
    const opened = openStore()
    const files = picked(model.files)
    const inspection = await valueOf(opened.store.inspect('i', { kind: 'files', name: 'a', files }))
    const choice = inspection.choices[0]!
    const some = files.filter(({ path }) => path !== 'model.safetensors')
    expect(await opened.store.download({ inspection, choice, files: some }, nothing)).toMatchObject({
      ok: false,
      error: { code: 'unreadable' },
    })
    expect(await opened.store.resume(choice.model, nothing)).toMatchObject({
      ok: false,
      error: { code: 'unreadable' },
    })
    await valueOf(opened.store.download({ inspection, choice, files }, nothing))
  })
})

describe('what is stored', () => {
  it('is listed newest first, counted, and removed', async () => {
    let time = 1_000
    const opened = openStore({
      now: () => (time += 1),
      estimate: () => Promise.resolve({ quota: 1e9, usage: 123 }),
    })
    const first = await download(opened)
    const second = await download(opened, 'someone/other')
    await openKeptFiles().noteUse(first.id, 77)
    const listed = await valueOf(opened.store.list())
    expect(listed.map(({ id }) => id)).toEqual([second.id, first.id])
    expect(listed[1]).toMatchObject({ usedAt: 77, origin: { kind: 'hub', repository: 'someone/t5' } })
    expect(await valueOf(opened.store.usage())).toMatchObject({ usedBytes: 123, quotaBytes: 1e9 })
    await valueOf(opened.store.remove(second.id))
    expect((await valueOf(opened.store.list())).map(({ id }) => id)).toEqual([first.id])
    expect((await valueOf(opened.store.usage())).modelBytes).toBe(first.storedBytes)
    await valueOf(opened.store.removeAll())
    expect((await valueOf(opened.store.usage())).modelBytes).toBe(0)
  })

  it('includes the models of the page, which keep their files when others go', async () => {
    const opened = openStore()
    const stored = await download(opened)
    const kept = openKeptFiles()
    const file = { path: 'model.int8.safetensors', sizeBytes: weights.length, sha256: sha256Of(weights) }
    await kept.keep('smallcap-t5-nano', [file], new Map([[file.sha256, weights]]))
    expect((await valueOf(opened.store.list())).find(({ id }) => id === 'smallcap-t5-nano')).toMatchObject({
      origin: { kind: 'page' },
      numberFormat: 'int8',
      state: { phase: 'complete' },
    })
    await valueOf(opened.store.remove(stored.id))
    expect(await kept.read(file.sha256)).toEqual(weights)
  })
})
