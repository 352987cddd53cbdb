import type { Removable, StoredModel, StoredModelId } from '../../src/store/contract'
import { StoreFailure } from './store-failure'
import type { StoredModels } from './stored-models'

/** What the browser says of its room; `navigator.storage` has it. */
export type Estimate = () => Promise<{ readonly quota?: number; readonly usage?: number }>

/** @throws StoreFailure `disk-full` where so many bytes more do not fit */
export async function requireRoom(
  neededBytes: number,
  model: StoredModelId,
  stored: StoredModels,
  estimate: Estimate,
): Promise<void> {
  const { quota, usage = 0 } = await estimate()
  if (quota === undefined || quota - usage >= neededBytes) return
  throw new StoreFailure(
    'disk-full',
    `It needs ${megabytes(neededBytes)} MB and this browser has room for ${megabytes(quota - usage)} MB more. Remove a model that you need less, or make room on the disk.`,
    { couldRemove: await removable(stored, model) },
  )
}

/** A failure for lack of room with what could make some. */
export async function withAdvice(
  failure: StoreFailure,
  model: StoredModelId,
  stored: StoredModels,
): Promise<StoreFailure> {
  if (failure.code !== 'disk-full' || failure.more.couldRemove) return failure
  return new StoreFailure(failure.code, failure.message, { couldRemove: await removable(stored, model) })
}

/** Models other than `model`, longest unused first and of those the largest; those of the page would only come back. */
async function removable(stored: StoredModels, model: StoredModelId): Promise<readonly Removable[]> {
  const others = (await stored.list(new Set())).filter(
    ({ id, origin }) => id !== model && origin.kind !== 'page',
  )
  const lastUse = ({ usedAt, addedAt }: StoredModel) => usedAt ?? addedAt
  return [...others]
    .sort((a, b) => lastUse(a) - lastUse(b) || b.storedBytes - a.storedBytes)
    .map(({ id, name, storedBytes }) => ({ model: id, name, bytes: storedBytes }))
}

const megabytes = (bytes: number): string => Math.max(0, Math.ceil(bytes / 1e6)).toLocaleString('en')
