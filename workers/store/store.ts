/** The store room: the contract's verbs. It sees the network and never text. */
import { CHUNK_BYTES, openDatabase, type UseStore } from '../kept/database'
import type { Store, StoredModel, StoredModelId, StoreOutcome, StoreProgress } from '../../src/store/contract'
import { packModel, unpackModel } from './archive'
import type { Conversion } from './conversion'
import { Downloads } from './downloads'
import type { Network } from './hub/network'
import { inspect } from './inspect'
import { AS_PUBLISHED } from './recognise/recognised'
import { Jobs } from './jobs'
import { Meter } from './meter'
import type { Estimate } from './room'
import { StoreFailure, toOutcome } from './store-failure'
import { StoredModels } from './stored-models'
import { Tabs, type TabsParts } from './tabs'
import { verify } from './verify'

/** What the store's surroundings give it. */
export interface StoreParts {
  /** Awaited before any answer. */
  readonly ready?: Promise<void>
  readonly network: Network
  readonly tabs: TabsParts
  /** Number formats that weights can be turned into while they arrive. */
  readonly conversions: readonly Conversion[]
  readonly estimate: Estimate
  /** Tests take one that dies. */
  readonly database?: UseStore
  /** Tests take smaller ones. */
  readonly chunkBytes?: number
  /** Milliseconds since 1970. */
  readonly now: () => number
}

type Report = (progress: StoreProgress) => void | Promise<void>

/** The store worker's verbs. */
export function createStore({
  chunkBytes = CHUNK_BYTES,
  database = openDatabase(),
  ready,
  network,
  conversions,
  estimate,
  now,
  ...parts
}: StoreParts): Store {
  const stored = new StoredModels(database)
  const tabs = new Tabs(parts.tabs)
  const jobs = new Jobs(ready)
  const downloads = new Downloads({ database, stored, tabs, network, conversions, estimate, chunkBytes, now })
  const answer = <T>(work: () => Promise<T>): Promise<StoreOutcome<T>> =>
    toOutcome(async () => {
      await ready
      return work()
    })
  const never = new AbortController().signal

  const listed = async (): Promise<readonly StoredModel[]> => stored.list(await tabs.busy())

  async function described(model: StoredModelId): Promise<StoredModel> {
    const found = (await listed()).find(({ id }) => id === model)
    if (found) return found
    throw new StoreFailure('cancelled', 'The model was removed meanwhile.')
  }

  const check = (model: StoredModelId, report: Report, signal: AbortSignal) =>
    verify(database, stored, model, (totalBytes) => new Meter(model, 0, totalBytes, now, report), signal)

  async function remove(model: StoredModelId): Promise<void> {
    downloads.stop(model, 'cancelled')
    await tabs.alone(model, never, () => stored.remove(model))
  }

  async function importModel(file: Blob, report: Report, signal: AbortSignal): Promise<StoredModel> {
    const files = await unpackModel(file)
    const name = file instanceof File ? file.name.replace(/\.tar$/, '') : 'model'
    const inspection = await inspect({ kind: 'files', name, files }, network, conversions, signal)
    const { choices } = inspection
    // As it was written: nobody could be asked in which other way.
    const choice =
      choices.find(({ isPack }) => isPack) ??
      choices.find(({ numberFormat }) => numberFormat === AS_PUBLISHED) ??
      choices[0]
    if (!choice)
      throw new StoreFailure(
        'not-a-model',
        `The file is no exported model. ${inspection.unusable ?? 'It has no model.json.'}`,
      )
    try {
      await downloads.download({ inspection, choice, files }, report, signal)
    } catch (error) {
      // Nothing could go on with what came of it: the file is not at hand the next time.
      if (!(await stored.find(choice.model))?.isComplete) await remove(choice.model)
      throw error
    }
    return described(choice.model)
  }

  return {
    inspect: (job, place) => jobs.run(job, (signal) => inspect(place, network, conversions, signal)),
    download: (request, report) =>
      answer(async () => {
        await downloads.download(request, report)
        return described(request.choice.model)
      }),
    resume: (model, report) =>
      answer(async () => {
        await downloads.resume(model, report)
        return described(model)
      }),
    async pause(model) {
      // In turn with a download that was asked for just before.
      await ready
      downloads.stop(model, 'paused')
    },
    list: () => answer(listed),
    usage: () =>
      answer(async () => {
        const [models, modelBytes, { quota = 0, usage = 0 }] = await Promise.all([
          listed(),
          stored.sumBytes(),
          estimate(),
        ])
        return {
          models: models.map(({ id, name, storedBytes }) => ({ model: id, name, bytes: storedBytes })),
          modelBytes,
          usedBytes: usage,
          quotaBytes: quota,
        }
      }),
    remove: (model) =>
      answer(async () => {
        await remove(model)
        return null
      }),
    removeAll: () =>
      answer(async () => {
        await Promise.all((await listed()).map(({ id }) => remove(id)))
        return null
      }),
    verify: (job, model, report) => jobs.run(job, (signal) => check(model, report, signal)),
    exportModel: (job, model, report) =>
      jobs.run(job, async (signal) => {
        const { damaged } = await check(model, report, signal)
        if (damaged.length > 0)
          throw new StoreFailure(
            'wrong-hash',
            `${damaged.join(', ')} was damaged in this browser's storage. Download it again, then export the model.`,
          )
        return packModel(database, model, await stored.get(model))
      }),
    importModel: (job, file, report) => jobs.run(job, (signal) => importModel(file, report, signal)),
    cancel(job) {
      jobs.cancel(job)
      return Promise.resolve()
    },
  }
}
