import { failure, success } from '../../src/domain/outcome'
import type { StoredModel, StoreError, StoreUsage } from '../../src/store/contract'
import type { StoreClient } from '../../src/store/store-client'

const UNKNOWN: StoreError = { code: 'unknown-model', message: 'There is no such model.' }

/** A store of models that are all there; `verbs` take the place of its own. */
export function createFakeStore(
  models: readonly StoredModel[] = [],
  verbs: Partial<StoreClient> = {},
): StoreClient {
  let stored = [...models]
  const find = (id: string) => stored.find((model) => model.id === id)
  const usage = (): StoreUsage => ({
    models: stored.map(({ id, name, storedBytes }) => ({ model: id, name, bytes: storedBytes })),
    modelBytes: stored.reduce((sum, { storedBytes }) => sum + storedBytes, 0),
    usedBytes: 5e6,
    quotaBytes: 1e10,
    isPersisted: false,
  })
  return {
    inspect: async () => failure({ code: 'not-found', message: 'The hub knows no such repository.' }),
    download: async () => failure(UNKNOWN),
    resume: async () => failure(UNKNOWN),
    pause: async () => undefined,
    list: async () => success(stored),
    usage: async () => success(usage()),
    persist: async () => true,
    async remove(id) {
      stored = stored.filter((model) => model.id !== id)
      return success(null)
    },
    async removeAll() {
      stored = []
      return success(null)
    },
    verify: async (id) => (find(id) ? success({ checkedBytes: 1, damaged: [] }) : failure(UNKNOWN)),
    exportModel: async (id) => (find(id) ? success(new Blob(['tar'])) : failure(UNKNOWN)),
    importModel: async () => failure({ code: 'not-a-model', message: 'This file is no model.' }),
    close: () => undefined,
    ...verbs,
  }
}

export const storedModel = (change: Partial<StoredModel> = {}): StoredModel => ({
  id: 'hub:acme/tiny-t5@0123456789ab:int8',
  name: 'acme/tiny-t5',
  origin: {
    kind: 'hub',
    base: 'https://huggingface.co',
    repository: 'acme/tiny-t5',
    revision: 'main',
    commit: '0123456789abcdef0123456789abcdef01234567',
  },
  kind: 't5',
  numberFormat: 'int8',
  licence: 'mit',
  parameters: 77_000_000,
  doneBytes: 308_000_000,
  totalBytes: 308_000_000,
  storedBytes: 79_000_000,
  addedAt: 1_760_000_000_000,
  state: { phase: 'complete' },
  ...change,
})
