import 'fake-indexeddb/auto'
import { afterEach, beforeEach, describe, expect, it, test } from 'vitest'
import { IDBFactory } from 'fake-indexeddb'
import { vi } from 'vitest'
import { nextPage, readRepository, secondsToWait } from '../../workers/store/hub/facts'
import { startHub, type Hub } from '../hub/hub'
import { commitOf, gitHashOf, sha256Of } from '../hub/repository'
import { repository, t5 } from './models'
import { openStore, valueOf } from './open-store'

const model = t5()
const gated = repository('someone/gated', { 'config.json': { model_type: 't5' } }, { isGated: true })
let hub: Hub

beforeEach(async () => {
  vi.stubGlobal('indexedDB', new IDBFactory())
  hub = await startHub([model, gated], new Map([['someone/old-name', 'someone/t5']]))
})
afterEach(() => hub.close())

const inspect = (name = 'someone/t5', revision?: string) =>
  openStore().store.inspect('1', {
    kind: 'hub',
    repository: name,
    base: hub.address,
    ...(revision !== undefined && { revision }),
  })

describe('what a hub says', () => {
  it('is the commit behind the revision, the licence, and all files with their sizes and hashes', async () => {
    const found = await valueOf(inspect())
    expect(found.origin).toEqual({
      kind: 'hub',
      base: hub.address,
      repository: 'someone/t5',
      revision: 'main',
      commit: commitOf(model),
    })
    expect(found).toMatchObject({ name: 'someone/t5', licence: 'apache-2.0', parameters: 12_345 })
    const weights = model.files.get('model.safetensors')!
    const config = model.files.get('config.json')!
    expect(found.files).toContainEqual({
      path: 'model.safetensors',
      sizeBytes: weights.length,
      hash: { kind: 'sha256', hex: sha256Of(weights) },
    })
    expect(found.files).toContainEqual({
      path: 'config.json',
      sizeBytes: config.length,
      hash: { kind: 'git', hex: gitHashOf(config) },
    })
  })

  it('is read in pages, whatever host the hub names for the next one', async () => {
    const whole = await valueOf(inspect())
    hub.faults.pageSize = 2
    expect(await valueOf(inspect())).toEqual(whole)
    expect(hub.requests.filter(({ path }) => path.includes('cursor=')).length).toBe(2)
  })

  it('follows a repository that was renamed', async () => {
    expect(await valueOf(inspect('someone/old-name'))).toMatchObject({ name: 'someone/t5' })
  })

  it('downloads no weights', async () => {
    await valueOf(inspect())
    expect(hub.requests.filter(({ path }) => path.includes('safetensors'))).toEqual([])
  })
})

describe('what a hub refuses', () => {
  const answering = async (status: number, headers: Record<string, string> = {}) => {
    hub.faults.answer = () => ({ status, headers })
    return inspect()
  }

  it('is told by code, with what to do', async () => {
    expect(await inspect('someone/nothing')).toMatchObject({ ok: false, error: { code: 'not-found' } })
    expect(await inspect('someone/t5', 'v2')).toMatchObject({ ok: false, error: { code: 'not-found' } })
    const restricted = await inspect('someone/gated')
    expect(restricted).toMatchObject({ ok: false, error: { code: 'access' } })
    expect(restricted.ok ? '' : restricted.error.message).toMatch(
      /licence has to be accepted.*open the folder here/,
    )
    expect(await answering(403)).toMatchObject({ ok: false, error: { code: 'access' } })
    expect(await answering(404)).toMatchObject({ ok: false, error: { code: 'not-found' } })
    expect(await answering(503)).toMatchObject({ ok: false, error: { code: 'hub' } })
    expect(await answering(200)).toMatchObject({ ok: false, error: { code: 'hub' } })
  })

  it('too many requests are told with the seconds to wait', async () => {
    expect(await answering(429, { 'Retry-After': '17' })).toMatchObject({
      ok: false,
      error: { code: 'rate-limit', retryAfterSeconds: 17 },
    })
    expect(await answering(429, { RateLimit: '"api";r=0;t=55' })).toMatchObject({
      ok: false,
      error: { code: 'rate-limit', retryAfterSeconds: 55 },
    })
  })

  it('a hub that is not there, and no network, are told apart', async () => {
    await hub.close()
    expect(await inspect()).toMatchObject({ ok: false, error: { code: 'connection' } })
    const network = { fetch, isOnline: () => false, stallMs: 500, sleep: () => Promise.resolve() }
    const place = { kind: 'hub', repository: 'someone/t5', base: hub.address } as const
    expect(await openStore({ network }).store.inspect('1', place)).toMatchObject({
      ok: false,
      error: { code: 'offline' },
    })
    hub = await startHub([])
  })

  it('a configuration that is not what was published is not believed', async () => {
    hub.faults.spoil = (path, bytes) => (path === 'config.json' ? bytes.map((byte) => byte ^ 1) : bytes)
    expect(await inspect()).toMatchObject({ ok: false, error: { code: 'wrong-hash' } })
  })
})

test.each([
  ['google/flan-t5-small', undefined, 'https://huggingface.co', 'google/flan-t5-small', 'main'],
  ['t5-small', 'v1', 'https://huggingface.co', 't5-small', 'v1'],
  [
    'https://huggingface.co/google/flan-t5-small',
    undefined,
    'https://huggingface.co',
    'google/flan-t5-small',
    'main',
  ],
  ['https://hub.example/a/b/tree/v2/onnx', undefined, 'https://hub.example', 'a/b', 'v2'],
])('%s is understood', (typed, revision, base, repository, meant) => {
  expect(readRepository(typed, revision)).toEqual({ repository, revision: meant, base })
})

test.each(['', 'a b', '../etc', 'a/b/c', 'https://'])('%j is no repository', (typed) => {
  expect(() => readRepository(typed)).toThrow(/no name of a repository/)
})

test('a mirror needs https, except on this machine', () => {
  expect(readRepository('a/b', undefined, 'http://localhost:8080/hub/').base).toBe(
    'http://localhost:8080/hub',
  )
  expect(() => readRepository('a/b', undefined, 'http://hub.example')).toThrow(/https/)
  expect(() => readRepository('a/b', undefined, 'ftp://hub.example')).toThrow(/https/)
})

test('the next page and the wait are read from what hubs send', () => {
  expect(
    nextPage('<https://huggingface.co/api/models/a/b/tree/c?recursive=true&cursor=x%3D>; rel="next"'),
  ).toBe('?recursive=true&cursor=x%3D')
  expect(nextPage('<https://hub.example/x>; rel="prev"')).toBeUndefined()
  expect(nextPage(null)).toBeUndefined()
  expect(secondsToWait(new Headers())).toBeUndefined()
  expect(secondsToWait(new Headers({ 'Retry-After': 'Wed, 21 Oct 2026 07:28:00 GMT' }))).toBeUndefined()
})
