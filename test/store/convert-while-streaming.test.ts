import 'fake-indexeddb/auto'
import { IDBFactory } from 'fake-indexeddb'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { openKeptFiles } from '../../workers/kept/kept-files'
import { parseModelManifest } from '../../workers/formats/model-manifest'
import { ModelFormatError } from '../../workers/formats/format-error'
import { startHub, type Hub } from '../hub/hub'
import { sha256Of } from '../hub/repository'
import { Tabs } from '../support/tabs'
import { everyOther, everyOtherOf } from './every-other'
import { t5 } from './models'
import { nothing, openStore, requestOf, valueOf } from './open-store'

const model = t5('someone/t5', 40_001)
const weights = model.files.get('model.safetensors')!
let hub: Hub

beforeEach(async () => {
  vi.stubGlobal('indexedDB', new IDBFactory())
  hub = await startHub([model])
})
afterEach(() => hub.close())

it('stores the result in place of the original, with a hash of its own to verify it by', async () => {
  const opened = openStore({ conversions: [everyOther(64)] })
  const request = await requestOf(opened, hub)
  expect(request.choice).toMatchObject({ kind: 't5', numberFormat: 'halved' })
  const stored = await valueOf(opened.store.download(request, nothing))
  expect(stored).toMatchObject({ numberFormat: 'halved', state: { phase: 'complete' } })
  expect(stored.totalBytes - stored.storedBytes).toBe(20_000)
  const result = everyOtherOf(weights)
  const kept = openKeptFiles()
  expect(await kept.read(sha256Of(result))).toEqual(result)
  expect(await kept.read(sha256Of(weights))).toBeUndefined()
  const manifest = await kept.readManifest(stored.id)
  expect(parseModelManifest(manifest!, 'model.json').files).toContainEqual({
    path: 'model.halved.safetensors',
    sizeBytes: 20_001,
    sha256: sha256Of(result),
  })
  expect(await valueOf(opened.store.verify('v', stored.id, nothing))).toMatchObject({ damaged: [] })
})

it('goes on from its checkpoint after the tab was killed', async () => {
  const tabs = new Tabs()
  const first = openStore({ conversions: [everyOther(300)] }, tabs)
  const request = await requestOf(first, hub)
  hub.faults.bytesPerSecond = 40_000
  await new Promise<void>((resolve) => {
    void first.store.download(request, ({ doneBytes }) => {
      if (doneBytes > 20_000) resolve()
    })
  })
  first.kill()
  hub.faults.bytesPerSecond = undefined
  const second = openStore({ conversions: [everyOther(300)] }, tabs)
  const [half] = await valueOf(second.store.list())
  expect(half!.doneBytes).toBeGreaterThan(10_000)
  const before = hub.sentBytes()
  await valueOf(second.store.resume(request.choice.model, nothing))
  expect(hub.sentBytes() - before).toBeLessThanOrEqual(half!.totalBytes - half!.doneBytes + 4_000)
  const result = everyOtherOf(weights)
  expect(await openKeptFiles().read(sha256Of(result))).toEqual(result)
})

it('does not count when the original was not what was published', async () => {
  const opened = openStore({ conversions: [everyOther(64)] })
  const request = await requestOf(opened, hub)
  hub.faults.spoil = (path, bytes) =>
    path === 'model.safetensors' ? bytes.with(30_000, bytes[30_000]! ^ 1) : bytes
  expect(await opened.store.download(request, nothing)).toMatchObject({
    ok: false,
    error: { code: 'wrong-hash' },
  })
  expect(await openKeptFiles().readManifest(request.choice.model)).toBeUndefined()
})

it('is given the configuration, and says what it cannot convert', async () => {
  const conversion = {
    ...everyOther(64),
    start: async ({ path, read }: { path: string; read: (path: string) => Promise<Uint8Array> }) => {
      const config = new TextDecoder().decode(await read('config.json'))
      throw new ModelFormatError(path, 'config', 'another', config.slice(0, 18))
    },
  }
  const opened = openStore({ conversions: [conversion] })
  const outcome = await opened.store.download(await requestOf(opened, hub), nothing)
  expect(outcome).toMatchObject({ ok: false, error: { code: 'not-a-model' } })
  expect(outcome.ok ? '' : outcome.error.message).toContain('found {"model_type":"t5"')
})
