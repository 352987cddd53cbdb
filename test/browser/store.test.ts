import { expect, test } from '@playwright/test'
import { createRandom } from '../../src/domain/random'
import { startHub, type Hub } from '../hub/hub'
import { ownRepositories } from '../hub/repository'
import { t5 } from '../store/models'
import {
  beginDownload,
  classifyWith,
  crash,
  endOfDownload,
  listModels,
  openStorePage,
  spoilChunks,
  verifyModel,
  waitForShare,
} from './store-page'

const CHUNK_BYTES = 8 * 2 ** 20
/** Several chunks and a rest. */
const weightsBytes = 5 * CHUNK_BYTES + 12_345
const random = createRandom(Number(process.env['SMALLCAP_STORE_SEED'] ?? 6))
const kills = Number(process.env['SMALLCAP_STORE_KILLS'] ?? 5)

const large = t5('someone/t5', weightsBytes)
const nano = ownRepositories().filter(({ id }) => id === 'own/smallcap-t5-nano')
let hub: Hub

test.beforeEach(async () => {
  hub = await startHub([large, ...nano])
})
test.afterEach(() => hub.close())

test(`a download whose tab is killed at ${kills} random points goes on, and its bytes are those that were published`, async ({
  context,
}) => {
  hub.faults.bytesPerSecond = 12e6
  const points = Array.from({ length: kills }, random).sort((a, b) => a - b)
  for (const point of points) {
    const page = await context.newPage()
    await openStorePage(page)
    await beginDownload(page, hub.address, 'someone/t5')
    await waitForShare(page, point)
    await crash(page)
  }
  const page = await context.newPage()
  await openStorePage(page)
  const [left] = await listModels(page)
  expect(left).toMatchObject({ name: 'someone/t5', state: { phase: 'interrupted' } })
  const id = await beginDownload(page, hub.address, 'someone/t5')
  expect(await endOfDownload(page)).toBeUndefined()
  expect(await listModels(page)).toMatchObject([{ id, state: { phase: 'complete' } }])
  expect(await verifyModel(page, id)).toEqual([])
  // Each death costs what was under way, not what was stored.
  expect(hub.sentBytes()).toBeLessThan(weightsBytes + kills * 4 * CHUNK_BYTES)
  expect(hub.sentBytes()).toBeGreaterThan(weightsBytes)
})

test('a model from a hub classifies; once its stored bytes are changed it is never loaded, and is fetched again', async ({
  page,
}) => {
  await openStorePage(page)
  const id = await beginDownload(page, hub.address, 'own/smallcap-t5-nano')
  expect(await endOfDownload(page)).toBeUndefined()
  const text = 'Profit rose to a record and the dividend was raised.'
  expect(await classifyWith(page, id, text)).toBe('positive')
  for (let time = 0; time < 3; time += 1) {
    expect(await spoilChunks(page, 500_000, random())).toBe(2)
    expect(await classifyWith(page, id, text)).toBe('model-unavailable')
    expect([...(await verifyModel(page, id))].sort()).toEqual([
      'adapter-finance/adapter_model.safetensors',
      'model.int8.safetensors',
    ])
    expect(await classifyWith(page, id, text)).toBe('model-unavailable')
    await beginDownload(page, hub.address, 'own/smallcap-t5-nano')
    expect(await endOfDownload(page)).toBeUndefined()
    expect(await classifyWith(page, id, text)).toBe('positive')
  }
})

test('a full disk is told in the middle, nothing else is lost, and it goes on once there is room', async ({
  page,
  baseURL,
}) => {
  const session = await page.context().newCDPSession(page)
  const { origin } = new URL(baseURL ?? '')
  await openStorePage(page)
  // Before anything is stored: the browser remembers for a while how much room there was.
  await session.send('Storage.overrideQuotaForOrigin', { origin, quotaSize: 24e6 })
  const first = await beginDownload(page, hub.address, 'own/smallcap-t5-nano')
  expect(await endOfDownload(page)).toBeUndefined()

  const second = await beginDownload(page, hub.address, 'someone/t5')
  expect(await endOfDownload(page)).toMatchObject({ code: 'disk-full', couldRemove: [{ model: first }] })
  const listed = await listModels(page)
  expect(listed).toMatchObject([
    { id: second, state: { phase: 'interrupted', error: { code: 'disk-full' } } },
    { id: first, state: { phase: 'complete' } },
  ])
  expect(listed[0]?.doneBytes).toBeGreaterThan(CHUNK_BYTES)
  expect(await verifyModel(page, first)).toEqual([])

  await session.send('Storage.overrideQuotaForOrigin', { origin })
  await beginDownload(page, hub.address, 'someone/t5')
  expect(await endOfDownload(page)).toBeUndefined()
  expect(await verifyModel(page, second)).toEqual([])
  expect(await verifyModel(page, first)).toEqual([])
})

test('two tabs do the work once', async ({ context }) => {
  hub.faults.bytesPerSecond = 12e6
  const pages = [await context.newPage(), await context.newPage()]
  for (const page of pages) await openStorePage(page)
  for (const page of pages) await beginDownload(page, hub.address, 'someone/t5')
  for (const page of pages) expect(await endOfDownload(page)).toBeUndefined()
  expect(hub.sentBytes()).toBeLessThan(weightsBytes + CHUNK_BYTES)
  await Promise.all(pages.map((page) => page.close()))
})
