import 'fake-indexeddb/auto'
import { IDBFactory } from 'fake-indexeddb'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { Store, StoreProgress } from '../../src/store/contract'
import { openKeptFiles } from '../../workers/kept/kept-files'
import { startHub, type Hub } from '../hub/hub'
import { sha256Of } from '../hub/repository'
import { connectStore } from './channel'
import { t5 } from './models'
import { openStore, valueOf } from './open-store'

const model = t5()
let hub: Hub

beforeEach(async () => {
  vi.stubGlobal('indexedDB', new IDBFactory())
  hub = await startHub([model])
})
afterEach(() => hub.close())

const place = () => ({ kind: 'hub', repository: 'someone/t5', base: hub.address }) as const
const weights = model.files.get('model.safetensors')!

describe('over a worker', () => {
  it('a model is found, downloaded with progress, listed, verified, carried and removed', async () => {
    const { client, started } = connectStore()
    expect(started()).toBe(0)
    const inspection = await valueOf(client.inspect(place()))
    const steps: StoreProgress[] = []
    const onProgress = (step: StoreProgress) => void steps.push(step)
    const stored = await valueOf(
      client.download({ inspection, choice: inspection.choices[0]! }, { onProgress }),
    )
    // Handed over before the answer, the last one whole.
    expect(steps.at(-1)).toMatchObject({ model: stored.id, doneBytes: stored.totalBytes })
    expect(stored.id).toBe(inspection.choices[0]!.model)
    expect(await openKeptFiles().read(sha256Of(weights))).toEqual(weights)
    expect(await valueOf(client.verify(stored.id))).toMatchObject({ damaged: [] })
    const archive = await valueOf(client.exportModel(stored.id))
    await valueOf(client.remove(stored.id))
    expect(await valueOf(client.list())).toEqual([])
    expect(await valueOf(client.importModel(archive))).toMatchObject({ name: 'someone/t5' })
    await valueOf(client.removeAll())
    expect(await valueOf(client.usage())).toMatchObject({ modelBytes: 0, isPersisted: false })
    expect(await client.persist()).toBe(true)
    expect(await valueOf(client.usage())).toMatchObject({ isPersisted: true })
    expect(started()).toBe(1)
  })

  it('an aborted signal pauses a download and cancels anything else', async () => {
    const { client } = connectStore()
    const inspection = await valueOf(client.inspect(place()))
    const choice = inspection.choices[0]!
    hub.faults.bytesPerSecond = 4_000
    const pausing = new AbortController()
    const onProgress = ({ doneBytes }: StoreProgress) => {
      if (doneBytes > 3_000) pausing.abort()
    }
    const { signal } = pausing
    expect(await client.download({ inspection, choice }, { signal, onProgress })).toMatchObject({
      ok: false,
      error: { code: 'paused' },
    })
    expect(await valueOf(client.list())).toMatchObject([{ id: choice.model, state: { phase: 'paused' } }])
    hub.faults.bytesPerSecond = undefined
    await valueOf(client.resume(choice.model))

    const cancelling = new AbortController()
    const outcome = client.verify(choice.model, { signal: cancelling.signal })
    cancelling.abort()
    expect(await outcome).toMatchObject({ ok: false, error: { code: 'cancelled' } })
    expect(await client.inspect(place(), { signal: AbortSignal.abort() })).toMatchObject({
      ok: false,
      error: { code: 'cancelled' },
    })
  })
})

describe('a worker that is lost', () => {
  const silent = (): Store => ({ ...openStore().store, list: () => new Promise(() => undefined) })

  it('is told of with its reason, and the next call has a new one', async () => {
    let isFirst = true
    const { client, kill, started } = connectStore(() => {
      const store = isFirst ? silent() : openStore().store
      isFirst = false
      return store
    })
    const outcome = client.list()
    kill('it ran out of memory')
    const lost = await outcome
    expect(lost).toMatchObject({ ok: false, error: { code: 'worker-lost' } })
    expect(lost.ok ? '' : lost.error.message).toContain('it ran out of memory')
    expect(await valueOf(client.list())).toEqual([])
    expect(started()).toBe(2)
  })

  it('answers nothing more once it is closed', async () => {
    const { client } = connectStore(silent)
    const outcome = client.list()
    client.close()
    expect(await outcome).toMatchObject({ ok: false, error: { code: 'worker-lost' } })
  })
})

it('passes a bug on as a rejection instead of hiding it', async () => {
  const { client } = connectStore(() => ({
    ...openStore().store,
    list: () => Promise.reject(new TypeError('a bug')),
  }))
  await expect(client.list()).rejects.toThrow('a bug')
})
