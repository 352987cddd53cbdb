import 'fake-indexeddb/auto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { IDBFactory } from 'fake-indexeddb'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { convertModel } from '../../scripts/convert/convert-model'
import { createDiskSource } from '../../scripts/node/disk-source'
import { createNodeEngine } from '../../scripts/node/node-engine'
import type { Mode } from '../../src/domain/task'
import { SAMPLE_LINES } from '../../src/samples/sample-lines'
import { createEngine } from '../../workers/engine/engine'
import { createStoredSource } from '../../workers/engine/stored-source'
import { PACK_CONVERSIONS } from '../../workers/store/pack-conversions'
import { openKeptFiles } from '../../workers/kept/kept-files'
import { configureRuntime } from '../../workers/runtime/configure'
import { heapBytes } from '../../workers/runtime/heap'
import { compileForWasm } from '../../workers/runtime/session'
import type { Engine, ScoredText } from '../../src/engine/contract'
import { startHub, type Hub } from '../hub/hub'
import { ownRepositories, readFolder } from '../hub/repository'
import { nothing, openStore, valueOf } from '../store/open-store'
import { spoilChunks } from '../store/spoil'
import { valueOf as answerOf } from './channel'

const nano = ownRepositories().find(({ id }) => id === 'own/smallcap-t5-nano')!
/** Weights in fp32. */
const fixture = 'test/fixtures/nano-fp32'
const original = { id: 'own/nano-fp32', licence: 'apache-2.0', files: readFolder(fixture) }
let hub: Hub

beforeEach(async () => {
  vi.stubGlobal('indexedDB', new IDBFactory())
  hub = await startHub([nano, original])
})
afterEach(() => hub.close())

/** An engine that reads stored models as its worker does; `now` is its clock. */
function engineOverStorage(): Engine {
  configureRuntime({ threads: 1 })
  return createEngine({
    source: createStoredSource(openKeptFiles(), createDiskSource('public/models'), () => 99),
    compile: compileForWasm,
    threads: 1,
    isCrossOriginIsolated: false,
    now: () => performance.now(),
    heapBytes,
  })
}

async function downloadNano() {
  const { store } = openStore({ chunkBytes: 300_000 })
  const place = { kind: 'hub', repository: nano.id, base: hub.address } as const
  const inspection = await valueOf(store.inspect('i', place))
  const stored = await valueOf(store.download({ inspection, choice: inspection.choices[0]! }, nothing))
  return { store, stored }
}

async function classify(
  engine: Engine,
  model: string,
  mode: Mode = { kind: 'fine-tuned', adapter: 'finance' },
): Promise<readonly ScoredText[]> {
  const { task } = answerOf(await engine.load('l', { model, numberFormat: 'int8' }, nothing))
  const results: ScoredText[] = []
  const request = {
    model,
    task,
    mode,
    texts: SAMPLE_LINES,
  } as const
  answerOf(await engine.classify('c', request, (batch) => void results.push(...batch)))
  return results
}

const probabilitiesOf = (results: readonly ScoredText[]) => results.map(({ probabilities }) => probabilities)

it('a pack that was downloaded from a hub classifies as the one that comes with the page', async () => {
  const { store, stored } = await downloadNano()
  await hub.close()
  const engine = engineOverStorage()
  const downloaded = await classify(engine, stored.id)
  expect(probabilitiesOf(downloaded)).toEqual(probabilitiesOf(await classify(engine, 'smallcap-t5-nano')))
  await vi.waitFor(async () => expect((await valueOf(store.list()))[0]).toMatchObject({ usedAt: 99 }))
  hub = await startHub([])
})

it('published weights that were quantised on the way classify as a pack of them does', async () => {
  const { store } = openStore({ chunkBytes: 300_000, conversions: PACK_CONVERSIONS })
  const place = { kind: 'hub', repository: original.id, base: hub.address } as const
  const inspection = await valueOf(store.inspect('i', place))
  const choice = inspection.choices.find(({ numberFormat }) => numberFormat === 'int8')!
  const stored = await valueOf(store.download({ inspection, choice }, nothing))
  expect(stored.storedBytes).toBeLessThan(stored.totalBytes / 2)
  // Without the adapter, which a pack has in half precision.
  const mode = { kind: 'zero-shot' } as const
  const converted = await classify(engineOverStorage(), stored.id, mode)
  const room = await mkdtemp(join(tmpdir(), 'stored-source-'))
  try {
    await convertModel({ source: fixture, out: join(room, 'packed') })
    const packed = await classify(createNodeEngine(room, 1), 'packed', mode)
    expect(probabilitiesOf(converted)).toEqual(probabilitiesOf(packed))
  } finally {
    await rm(room, { recursive: true })
  }
})

it('a model whose stored bytes are damaged is never loaded, and says what to do', async () => {
  const { store, stored } = await downloadNano()
  await spoilChunks(({ size }) => size > 10_000)
  const outcome = await engineOverStorage().load('l', { model: stored.id, numberFormat: 'int8' }, nothing)
  expect(outcome).toMatchObject({ ok: false, error: { code: 'model-unavailable' } })
  expect(outcome.ok ? '' : outcome.error.message).toMatch(
    /damaged in this browser's storage\. Verify the model/,
  )
  expect((await valueOf(store.verify('v', stored.id, nothing))).damaged).toContain('model.int8.safetensors')
  await valueOf(store.resume(stored.id, nothing))
  expect(await classify(engineOverStorage(), stored.id)).toHaveLength(SAMPLE_LINES.length)
})

it('a model that is not complete is not loaded', async () => {
  const { store, stored } = await downloadNano()
  await valueOf(store.remove(stored.id))
  const outcome = await engineOverStorage().load('l', { model: stored.id, numberFormat: 'int8' }, nothing)
  expect(outcome).toMatchObject({ ok: false, error: { code: 'model-unavailable' } })
})
