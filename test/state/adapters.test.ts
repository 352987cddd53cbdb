import { expect, it, vi } from 'vitest'
import * as v from 'valibot'
import { failure } from '../../src/domain/outcome'
import { ADAPTERS_KEY, adaptersSchema } from '../../src/storage/adapters-record'
import { composePage, type PageOptions } from '../support/compose-page'
import { createFakeEngine } from '../support/fake-engine'
import { createFakeStore, storedModel } from '../support/fake-store'
import { MemoryStore } from '../support/memory-store'

const lora = storedModel({ id: 'hub:acme/lora@1:adapter', name: 'acme/lora', kind: 'adapter' })
const other = storedModel({ id: 'hub:acme/other@1:adapter', name: 'acme/lora', kind: 'adapter' })
const [nano, mini] = ['smallcap-t5-nano', 'smallcap-t5-mini'] as const

async function setUp(options: PageOptions = {}) {
  const store = options.store ?? new MemoryStore()
  const modelStore = createFakeStore([lora, other])
  const page = await composePage({ store, modelStore, ...options })
  const saved = () => v.parse(adaptersSchema, store.records.get(ADAPTERS_KEY)).puts
  return { page, store, modelStore, saved, adapters: page.adapters }
}

it('puts an adapter on a model without taking the page’s eye off another, and brings it back in the next visit', async () => {
  const { page, adapters, saved, store } = await setUp()
  await page.loader.ensure(nano)
  await adapters.put(mini, lora)
  expect(adapters.puttingOf(lora.id)).toEqual({ kind: 'done', model: mini })
  expect(page.loader.summary?.model).toBe(nano)
  expect(page.loader.summaryOf(mini)?.adapters).toEqual(['finance', 'acme/lora'])
  expect(saved()).toEqual([{ model: mini, stored: lora.id, name: 'acme/lora' }])

  const again = await setUp({ store })
  await again.page.loader.ensure(mini)
  expect(again.page.loader.summary?.adapters).toEqual(['finance', 'acme/lora'])
})

it('keeps several on a model, each with a name of its own, and none twice', async () => {
  const { adapters, saved } = await setUp()
  for (const each of [lora, other, lora]) await adapters.put(nano, each)
  expect(saved().map(({ name }) => name)).toEqual(['acme/lora', 'acme/lora (2)'])
  expect(adapters.puttingOf(lora.id)).toMatchObject({ kind: 'failed', error: { code: 'invalid-request' } })
})

it('says why one does not fit, and forgets it', async () => {
  const { adapters, store } = await setUp({ misfits: ['acme/lora'] })
  await adapters.put(nano, lora)
  expect(adapters.puttingOf(lora.id)).toMatchObject({
    kind: 'failed',
    error: { message: 'The adapter “acme/lora” cannot be put on this model.' },
  })
  expect(adapters.puts).toEqual([])
  expect(store.records.has(ADAPTERS_KEY)).toBe(false)
})

it('tries again one that could not be put back, once it can be had', async () => {
  const misfits: string[] = []
  const { page, adapters } = await setUp({ misfits })
  await adapters.put(nano, lora)
  misfits.push('acme/lora')
  await page.loader.reload(nano)
  expect(page.loader.summary?.refusedAdapters).toHaveProperty('acme/lora')
  misfits.pop()
  await adapters.tryAgain(nano)
  expect(page.loader.summary?.adapters).toContain('acme/lora')
  expect(page.loader.summary).not.toHaveProperty('refusedAdapters')
})

it('classifies with the picked one and names it with its hash; another one is another mode', async () => {
  const { page, adapters } = await setUp()
  await adapters.put(nano, lora)
  page.pickAdapter({ model: nano, name: 'acme/lora' })
  await page.classify()
  expect(page.run.shown?.summary.weights).toBe('acme/lora')
  expect(page.run.shown?.parts[0]?.weightsSha256).toBe(`${'b'.repeat(64)}+${'61'.padStart(64, '0')}`)
  expect(page.changedSince).toEqual([])
  page.settings.change({ adapter: 'finance' })
  expect(page.changedSince).toEqual(['mode'])
})

it('takes off what is deleted from the store, and classifies with the model’s own again', async () => {
  const { page, adapters, modelStore, saved } = await setUp()
  await adapters.put(nano, lora)
  page.pickAdapter({ model: nano, name: 'acme/lora' })
  await page.models.refresh()
  expect(adapters.puts).toHaveLength(1)
  await modelStore.remove(lora.id)
  await page.models.refresh()
  await vi.waitFor(() => expect(page.loader.summary?.adapters).toEqual(['finance']))
  expect(saved()).toEqual([])
  await page.classify()
  expect(page.run.shown?.summary.weights).toBe('finance')
})

it('begins with what another tab put meanwhile', async () => {
  const store = new MemoryStore()
  const [here, there] = [await setUp({ store }), await setUp({ store })]
  await here.adapters.put(nano, lora)
  await there.adapters.put(nano, other)
  expect(there.saved().map(({ stored }) => stored)).toEqual([lora.id, other.id])
})

it('adds it on WASM where the graphics device is lost over it', async () => {
  const engine = createFakeEngine()
  let isLost = false
  const loads: unknown[] = []
  const { adapters } = await setUp({
    verbs: {
      ...engine,
      load: (request, options) => {
        loads.push(request.model)
        return engine.load(request, options)
      },
      addAdapter: async (request) => {
        if (isLost) return engine.addAdapter(request)
        isLost = true
        return failure({ code: 'backend-lost', message: 'The device was lost.' })
      },
    },
  })
  await adapters.put(nano, lora)
  expect(loads).toEqual([nano, nano])
  expect(adapters.puttingOf(lora.id)?.kind).toBe('done')
})
