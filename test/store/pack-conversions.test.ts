import 'fake-indexeddb/auto'
import { IDBFactory } from 'fake-indexeddb'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { parseWeights } from '../../workers/formats/join-shards'
import { readModelWeights } from '../../workers/formats/read-model-weights'
import { parseSafetensors } from '../../workers/formats/safetensors'
import { writeSafetensors } from '../../workers/formats/safetensors-writer'
import { openKeptFiles } from '../../workers/kept/kept-files'
import { parseModelManifest } from '../../workers/formats/model-manifest'
import { PACK_CONVERSIONS } from '../../workers/store/pack-conversions'
import { packTensors } from '../formats/pack-tensors'
import { RANDOM_CONFIG, randomModel } from '../formats/random-model'
import { startHub, type Hub } from '../hub/hub'
import { Tabs } from '../support/tabs'
import { noise, repository } from './models'
import { nothing, openStore, valueOf } from './open-store'

const { config, bytes, weights } = randomModel()
const tensors = [...parseSafetensors(bytes, 'm').tensors.values()].map((tensor) => ({
  ...tensor,
  data: tensor.bytes,
}))
const shards = {
  'model-00001-of-00002.safetensors': tensors.slice(0, 9),
  'model-00002-of-00002.safetensors': tensors.slice(9),
}
const weightMap = Object.fromEntries(
  Object.entries(shards).flatMap(([shard, own]) => own.map(({ name }) => [name, shard])),
)
const around = { 'config.json': RANDOM_CONFIG, 'tokenizer.json': noise(2_300, 'tokenizer') }
const single = repository('someone/single', { ...around, 'model.safetensors': bytes })
const sharded = repository('someone/sharded', {
  ...around,
  'model.safetensors.index.json': { weight_map: weightMap },
  ...Object.fromEntries(Object.entries(shards).map(([name, own]) => [name, writeSafetensors(own)])),
})
let hub: Hub

beforeEach(async () => {
  vi.stubGlobal('indexedDB', new IDBFactory())
  hub = await startHub([single, sharded])
})
afterEach(() => hub.close())

/** The stored weights of a model, its packs put together. */
async function storedWeights(model: string) {
  const kept = openKeptFiles()
  const { files } = parseModelManifest((await kept.readManifest(model))!, 'model.json')
  const packs = files.filter(({ path }) => path.endsWith('.safetensors'))
  const read = packs.map(async ({ path, sha256 }) => ({ name: path, bytes: (await kept.read(sha256))! }))
  return { names: packs.map(({ path }) => path), file: parseWeights(await Promise.all(read)) }
}

it.each([
  ['someone/single', 'int8', 'int8', ['model.int8.safetensors']],
  ['someone/single', 'int4', 'int4', ['model.int4.safetensors']],
  [
    'someone/sharded',
    'int8',
    'int8',
    ['model-00001-of-00002.int8.safetensors', 'model-00002-of-00002.int8.safetensors'],
  ],
] as const)(
  'stores %s as %s, made while it arrives, killed in the middle',
  async (repo, format, stored, names) => {
    const tabs = new Tabs()
    const first = openStore({ conversions: PACK_CONVERSIONS }, tabs)
    const place = { kind: 'hub', repository: repo, base: hub.address } as const
    const inspection = await valueOf(first.store.inspect('i', place))
    const choice = inspection.choices.find(({ numberFormat }) => numberFormat === format)!
    hub.faults.bytesPerSecond = 400_000
    await new Promise<void>((resolve) => {
      void first.store.download({ inspection, choice }, ({ doneBytes }) => {
        if (doneBytes > 150_000) resolve()
      })
    })
    first.kill()
    hub.faults.bytesPerSecond = undefined
    const second = openStore({ conversions: PACK_CONVERSIONS }, tabs)
    await valueOf(second.store.resume(choice.model, nothing))
    const { names: found, file } = await storedWeights(choice.model)
    expect(found).toEqual(names)
    const expected = packTensors(config, weights, stored)
    expect(new Set(file.tensors.keys())).toEqual(new Set(expected.map(({ name }) => name)))
    for (const { name, data } of expected) {
      const own = new Uint8Array(data.buffer, data.byteOffset, data.byteLength)
      expect(Buffer.compare(file.tensors.get(name)!.bytes, own), name).toBe(0)
    }
    expect(readModelWeights(config, file, 'packs').storedFormat).toBe(stored)
    expect(await valueOf(second.store.verify('v', choice.model, nothing))).toMatchObject({ damaged: [] })
  },
)

it('estimates what will be stored, to a tenth for a model of usual size', () => {
  // flan-t5-small: 307,867,048 bytes in fp32 become 77,3 MB.
  const [int8] = PACK_CONVERSIONS
  expect(int8!.estimateBytes({ path: 'model.safetensors', sizeBytes: 307_867_048 }) / 77.3e6).toBeCloseTo(
    1,
    1,
  )
})
