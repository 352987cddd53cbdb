import 'fake-indexeddb/auto'
import { IDBFactory } from 'fake-indexeddb'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { openKeptFiles } from '../../workers/kept/kept-files'
import type { StoreProgress } from '../../src/store/contract'
import { startHub, type Hub } from '../hub/hub'
import { sha256Of } from '../hub/repository'
import { sharingWith, t5 } from './models'
import { nothing, openStore, requestOf, valueOf } from './open-store'

const model = t5()
const weights = model.files.get('model.safetensors')!
const sharing = sharingWith(model)
let hub: Hub

beforeEach(async () => {
  vi.stubGlobal('indexedDB', new IDBFactory())
  hub = await startHub([model, sharing])
})
afterEach(() => hub.close())

const rangesOf = (path: string) =>
  hub.requests.filter((each) => each.path.includes(path)).map(({ range }) => range)
const signed = () => hub.requests.filter(({ path }) => path.startsWith('/signed/'))

describe('a download', () => {
  it('stores every file of the choice with its hash, and a manifest to load it by', async () => {
    const opened = openStore()
    const stored = await valueOf(opened.store.download(await requestOf(opened, hub), nothing))
    expect(stored).toMatchObject({
      name: 'someone/t5',
      kind: 't5',
      numberFormat: 'as published',
      licence: 'apache-2.0',
      state: { phase: 'complete' },
    })
    expect(stored.doneBytes).toBe(stored.totalBytes)
    const kept = openKeptFiles()
    const manifest: unknown = JSON.parse(new TextDecoder().decode(await kept.readManifest(stored.id)))
    expect(manifest).toMatchObject({ kind: 't5', parameters: 12_345 })
    expect(await kept.read(sha256Of(weights))).toEqual(weights)
    for (const path of ['config.json', 'tokenizer.json', 'tokenizer_config.json'])
      expect(await kept.read(sha256Of(model.files.get(path)!))).toEqual(model.files.get(path))
    expect(await kept.read(sha256Of(model.files.get('README.md')!))).toBeUndefined()
  })

  it('asks for at most three ranges at once, resolves the signed address once and asks for no byte twice', async () => {
    const opened = openStore()
    await valueOf(opened.store.download(await requestOf(opened, hub), nothing))
    expect(rangesOf('/model.safetensors')).toEqual(['bytes=0-999'])
    expect(signed().map(({ range }) => range)).toEqual(
      Array.from(
        { length: 11 },
        (_, index) => `bytes=${index * 1_000}-${Math.min(10_500, index * 1_000 + 1_000) - 1}`,
      ),
    )
  })

  it('tells its progress up to the whole, and never backwards', async () => {
    const opened = openStore({ now: () => (time += 250) })
    let time = 0
    const steps: StoreProgress[] = []
    const stored = await valueOf(
      opened.store.download(await requestOf(opened, hub), (step) => void steps.push(step)),
    )
    const done = steps.map(({ doneBytes }) => doneBytes)
    expect(done).toEqual([...done].sort((a, b) => a - b))
    expect(done[0]).toBe(0)
    expect(done.at(-1)).toBe(stored.totalBytes)
    expect(steps.length).toBeGreaterThan(5)
    expect(
      steps.some(({ bytesPerSecond = 0, secondsLeft = 0 }) => bytesPerSecond > 0 && secondsLeft > 0),
    ).toBe(true)
  })

  it('takes no file again that another model has', async () => {
    const opened = openStore()
    await valueOf(opened.store.download(await requestOf(opened, hub), nothing))
    await valueOf(opened.store.download(await requestOf(opened, hub, 'someone/other'), nothing))
    const { modelBytes, models } = await valueOf(opened.store.usage())
    const sum = models.reduce((total, { bytes }) => total + bytes, 0)
    expect(sum - modelBytes).toBe(model.files.get('tokenizer.json')!.length)
    // What one of them leaves behind the other still has.
    await valueOf(opened.store.remove(models.find(({ name }) => name === 'someone/t5')!.model))
    const tokenizer = await openKeptFiles().read(sha256Of(model.files.get('tokenizer.json')!))
    expect(tokenizer).toEqual(model.files.get('tokenizer.json'))
    expect(await openKeptFiles().read(sha256Of(weights))).toBeUndefined()
  })
})

describe('what goes wrong on the way', () => {
  it('a connection that is cut goes on from where it was', async () => {
    const opened = openStore()
    const request = await requestOf(opened, hub)
    hub.faults.cuts.push(...Array.from({ length: 12 }, (_, index) => index * 77))
    await valueOf(opened.store.download(request, nothing))
    expect(await openKeptFiles().read(sha256Of(weights))).toEqual(weights)
    expect(hub.sentBytes()).toBeLessThan(2 * weights.length)
  })

  it('a connection that falls silent is made again', async () => {
    const opened = openStore()
    const request = await requestOf(opened, hub)
    hub.faults.stalls = 2
    const troubles = new Set<string>()
    const onProgress = ({ trouble }: StoreProgress) => {
      if (trouble !== undefined) troubles.add(trouble)
    }
    await valueOf(opened.store.download(request, onProgress))
    expect([...troubles].join()).toMatch(/the connection was cut/)
    expect(await openKeptFiles().read(sha256Of(weights))).toEqual(weights)
  })

  it('a signed address that expired is resolved again', async () => {
    const opened = openStore()
    const request = await requestOf(opened, hub)
    hub.faults.signatureMs = 30
    hub.faults.bytesPerSecond = 40_000
    await valueOf(opened.store.download(request, nothing))
    expect(new Set(signed().map(({ path }) => path)).size).toBeGreaterThan(1)
    expect(await openKeptFiles().read(sha256Of(weights))).toEqual(weights)
  })

  it('a server without ranges gives the whole file, and again when it is cut', async () => {
    const opened = openStore()
    const request = await requestOf(opened, hub)
    hub.faults.knowsRanges = false
    hub.faults.cuts.push(...[Infinity, Infinity, Infinity], 5_300, 2_000)
    const steps: StoreProgress[] = []
    const stored = await valueOf(opened.store.download(request, (step) => void steps.push(step)))
    expect(await openKeptFiles().read(sha256Of(weights))).toEqual(weights)
    expect(steps.at(-1)!.doneBytes).toBe(stored.totalBytes)
    expect(signed()).toHaveLength(3)
  })

  it('bytes that are not those that were published are thrown away and never handed out', async () => {
    const opened = openStore()
    const request = await requestOf(opened, hub)
    hub.faults.spoil = (path, bytes) =>
      path === 'model.safetensors' ? bytes.map((byte, index) => (index === 7_654 ? byte ^ 1 : byte)) : bytes
    const outcome = await opened.store.download(request, nothing)
    expect(outcome).toMatchObject({ ok: false, error: { code: 'wrong-hash' } })
    expect(outcome.ok ? '' : outcome.error.message).toMatch(/^model\.safetensors is not what was published/)
    expect(await openKeptFiles().readManifest(request.choice.model)).toBeUndefined()
    const [listed] = await valueOf(opened.store.list())
    expect(listed).toMatchObject({ state: { phase: 'interrupted', error: { code: 'wrong-hash' } } })
    hub.faults.spoil = (_, bytes) => bytes
    await valueOf(opened.store.resume(request.choice.model, nothing))
    expect(await openKeptFiles().read(sha256Of(weights))).toEqual(weights)
  })

  it('fewer bytes than announced are no file, and more are not looked at', async () => {
    const opened = openStore()
    const request = await requestOf(opened, hub)
    hub.faults.knowsRanges = false
    hub.faults.spoil = (path, bytes) => (path === 'model.safetensors' ? bytes.slice(0, -3) : bytes)
    expect(await opened.store.download(request, nothing)).toMatchObject({
      ok: false,
      error: { code: 'connection' },
    })
    hub.faults.spoil = (path, bytes) =>
      path === 'model.safetensors' ? new Uint8Array([...bytes, 1, 2, 3]) : bytes
    await valueOf(opened.store.resume(request.choice.model, nothing))
    expect(await openKeptFiles().read(sha256Of(weights))).toEqual(weights)
  })

  it('a refusal in the middle keeps what is there, and says so in the list', async () => {
    const opened = openStore()
    const request = await requestOf(opened, hub)
    let requests = 0
    hub.faults.answer = (path) =>
      path.startsWith('/signed/') && (requests += 1) > 6 ? { status: 500 } : undefined
    const outcome = await opened.store.download(request, nothing)
    expect(outcome).toMatchObject({ ok: false, error: { code: 'hub' } })
    const [listed] = await valueOf(opened.store.list())
    expect(listed).toMatchObject({ state: { phase: 'interrupted', error: { code: 'hub' } } })
    expect(listed!.doneBytes).toBeGreaterThan(5_000)
    hub.faults.answer = () => undefined
    const sentBefore = hub.sentBytes()
    await valueOf(opened.store.resume(request.choice.model, nothing))
    expect(hub.sentBytes() - sentBefore).toBeLessThanOrEqual(weights.length - 5_000)
  })

  it('a hub that asks for a short pause gets it, one that asks for a long one is told of', async () => {
    const waits: number[] = []
    const network = {
      fetch,
      isOnline: () => true,
      stallMs: 500,
      sleep: async (milliseconds: number) => void waits.push(milliseconds),
    }
    const opened = openStore({ network })
    const request = await requestOf(opened, hub)
    let isFirst = true
    hub.faults.answer = () => {
      if (!isFirst) return undefined
      isFirst = false
      return { status: 429, headers: { 'Retry-After': '20' } }
    }
    await valueOf(opened.store.download(request, nothing))
    expect(waits).toEqual([20_000])
    await valueOf(opened.store.removeAll())
    hub.faults.answer = () => ({ status: 429, headers: { 'Retry-After': '300' } })
    expect(await opened.store.download(request, nothing)).toMatchObject({
      ok: false,
      error: { code: 'rate-limit', retryAfterSeconds: 300 },
    })
  })

  it('losing the network is told as that', async () => {
    const network = { fetch, isOnline: () => false, stallMs: 500, sleep: () => Promise.resolve() }
    const opened = openStore({ network })
    const request = await requestOf(opened, hub)
    await hub.close()
    expect(await opened.store.download(request, nothing)).toMatchObject({
      ok: false,
      error: { code: 'offline' },
    })
    hub = await startHub([])
  })
})
