import { expect, it } from 'vitest'
import { failure, success } from '../../src/domain/outcome'
import type { Inspection, ModelChoice } from '../../src/store/contract'
import type { StoreClient } from '../../src/store/store-client'
import { IMPORT, Models } from '../../src/state/models.svelte'
import { MODELS_KEY, modelsSchema } from '../../src/storage/models-record'
import { createWorkspace } from '../../src/storage/workspace'
import * as v from 'valibot'
import { createFakeStore, storedModel } from '../support/fake-store'
import { MemoryStore } from '../support/memory-store'

const choice: ModelChoice = {
  model: storedModel().id,
  kind: 't5',
  isPack: false,
  adapters: [],
  numberFormat: 'int8',
  downloadBytes: 308e6,
  storedBytes: 79e6,
  files: [],
}
const inspection: Inspection = {
  origin: storedModel().origin,
  name: 'acme/tiny-t5',
  files: [],
  choices: [choice],
}
const place = { kind: 'hub', repository: 'acme/tiny-t5' } as const

function setUp(verbs: Partial<StoreClient> = {}, stored = [storedModel()]) {
  const records = new MemoryStore()
  const workspace = createWorkspace(records, () => undefined)
  return { records, models: new Models(createFakeStore(stored, verbs), workspace, undefined) }
}

it('remembers the complete models that can be picked, for the next visit', async () => {
  const { models, records } = setUp({}, [
    storedModel(),
    storedModel({ id: 'hub:b', state: { phase: 'paused' } }),
    storedModel({ id: 'hub:c', kind: 'adapter' }),
  ])
  await models.refresh()
  expect(models.stored).toHaveLength(3)
  expect(models.usable.map(({ id }) => id)).toEqual([storedModel().id])
  expect(models.usage?.quotaBytes).toBe(1e10)
  const saved = v.parse(modelsSchema, records.records.get(MODELS_KEY))
  expect(saved.models).toEqual(models.usable)
})

it('keeps what it knows where the models cannot be listed, and says why', async () => {
  const { models } = setUp({ list: async () => failure({ code: 'unreadable', message: 'Refused.' }) })
  await models.refresh()
  expect(models.stored).toBeUndefined()
  expect(models.trouble?.message).toBe('Refused.')
})

it('shows what was found for the part of the page that asked, and only the newest look', async () => {
  let answer: (() => void) | undefined
  const { models } = setUp({
    inspect: async (asked) => {
      if (asked.kind === 'hub' && asked.repository === 'slow')
        await new Promise<void>((resolve) => (answer = resolve))
      return success(inspection)
    },
  })
  const slow = models.look('form', 'slow', { kind: 'hub', repository: 'slow' })
  expect(models.finding).toMatchObject({ kind: 'looking', from: 'form', name: 'slow' })
  await models.look('acme/tiny-t5', 'acme/tiny-t5', place)
  answer?.()
  await slow
  expect(models.finding).toMatchObject({ kind: 'found', from: 'acme/tiny-t5' })
  models.dismiss()
  expect(models.finding.kind).toBe('none')
})

it('downloads as chosen, with progress, and keeps a failure beside the model', async () => {
  const seen: unknown[] = []
  const error = { code: 'disk-full', message: 'No room.' } as const
  const { models } = setUp({
    inspect: async () => success(inspection),
    async download(request, options) {
      options?.onProgress?.({ model: request.choice.model, doneBytes: 1, totalBytes: 4 })
      seen.push(models.workOn(choice.model))
      return failure(error)
    },
  })
  await models.look('form', 'acme/tiny-t5', place)
  await models.take(choice)
  expect(seen).toEqual([
    { kind: 'downloading', progress: { model: choice.model, doneBytes: 1, totalBytes: 4 } },
  ])
  expect(models.workOn(choice.model)).toBeUndefined()
  expect(models.saidOf(choice.model)).toEqual({ kind: 'error', error })
})

it('says nothing of a download that was paused', async () => {
  const { models } = setUp({ resume: async () => failure({ code: 'paused', message: 'Paused.' }) })
  await models.resume(choice.model)
  expect(models.saidOf(choice.model)).toBeUndefined()
})

it('tells what was damaged, and that nothing was', async () => {
  const damaged = ['model.safetensors']
  const { models } = setUp({ verify: async () => success({ checkedBytes: 9, damaged }) })
  await models.verify(choice.model)
  expect(models.saidOf(choice.model)).toMatchObject({
    words: expect.stringContaining('model.safetensors') as string,
  })
  const whole = setUp().models
  await whole.verify(choice.model)
  expect(whole.saidOf(choice.model)).toMatchObject({ words: 'Every byte is as it was published.' })
})

it('deletes one or all, and takes them out of what can be picked', async () => {
  const { models } = setUp({}, [storedModel(), storedModel({ id: 'hub:b' })])
  await models.refresh()
  await models.remove('hub:b')
  expect(models.usable.map(({ id }) => id)).toEqual([choice.model])
  await models.removeAll()
  expect(models.usable).toEqual([])
})

it('says of an import what it was, or why it was none', async () => {
  const { models } = setUp()
  await models.importModel(new Blob(['x']))
  expect(models.saidOf(IMPORT)).toMatchObject({ kind: 'error' })
  const imported = setUp({ importModel: async () => success(storedModel()) }).models
  await imported.importModel(new Blob(['x']))
  expect(imported.saidOf(IMPORT)).toMatchObject({ words: 'acme/tiny-t5 is stored.' })
})
