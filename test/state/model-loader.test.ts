import { describe, expect, it, vi } from 'vitest'
import { failure, success } from '../../src/domain/outcome'
import type { EngineOutcome, LoadProgress, ModelSummary } from '../../src/engine/contract'
import type { EngineClient } from '../../src/engine/engine-client'
import { ModelLoader } from '../../src/state/model-loader.svelte'
import { createFakeEngine, FINANCE_TASK } from '../support/fake-engine'

const summaryOf = (model: string): ModelSummary => ({
  model,
  parameters: 1,
  numberFormat: 'int8',
  backend: 'wasm',
  threads: 1,
  weightsBytes: 1,
  loadMs: 1,
  task: FINANCE_TASK,
  adapters: [],
  modes: ['zero-shot', 'k-shot', 'fine-tuned'],
  areLabelsFixed: false,
  numberFormats: ['fp32', 'int8-weights', 'int8'] as const,
  backends: ['wasm', 'webgpu'],
  weightsSha256: { base: 'b0b0' },
  batching: 'one by one',
})

function setUp() {
  const loads: {
    model: string
    onProgress: ((progress: LoadProgress) => void) | undefined
    end: (outcome: EngineOutcome<ModelSummary>) => void
  }[] = []
  const freed: string[] = []
  let lose: (reason: string) => void = () => undefined
  const engine: EngineClient = {
    ...createFakeEngine(),
    load: ({ model }, { onProgress } = {}) => new Promise((end) => loads.push({ model, onProgress, end })),
    free: (model) => {
      freed.push(model)
      return Promise.resolve()
    },
    onLost(listener) {
      lose = listener
      return () => undefined
    },
  }
  return { loader: new ModelLoader(engine), loads, freed, lose: (reason: string) => lose(reason) }
}

describe('ModelLoader', () => {
  it('tells how far a load is', async () => {
    const { loader, loads } = setUp()
    const ready = loader.ensure('nano')
    expect(loader.status).toEqual({ kind: 'loading', model: 'nano', progress: undefined })
    const progress = { phase: 'downloading' as const, receivedBytes: 1, totalBytes: 2 }
    loads[0]?.onProgress?.(progress)
    expect(loader.status).toEqual({ kind: 'loading', model: 'nano', progress })
    loads[0]?.end(success(summaryOf('nano')))
    await ready
    expect(loader.summary).toEqual(summaryOf('nano'))
  })

  it('loads a model once, however often it is asked for', async () => {
    const { loader, loads } = setUp()
    const both = [loader.ensure('nano'), loader.ensure('nano')]
    loads[0]?.end(success(summaryOf('nano')))
    await Promise.all(both)
    await loader.ensure('nano')
    expect(loads).toHaveLength(1)
  })

  it('tells of the model asked for last, whichever load ends last', async () => {
    const { loader, loads } = setUp()
    const both = [loader.ensure('mini'), loader.ensure('nano')]
    loads[1]?.end(success(summaryOf('nano')))
    loads[0]?.end(success(summaryOf('mini')))
    await Promise.all(both)
    expect(loader.summary?.model).toBe('nano')
  })

  it('goes on telling of a load that is asked for again', async () => {
    const { loader, loads } = setUp()
    const mini = loader.ensure('mini')
    const nano = loader.ensure('nano')
    loads[1]?.end(success(summaryOf('nano')))
    await nano
    loads[0]?.onProgress?.({ phase: 'compiling' })
    expect(loader.summary?.model).toBe('nano')
    const again = loader.ensure('mini')
    expect(loader.status).toEqual({ kind: 'loading', model: 'mini', progress: { phase: 'compiling' } })
    loads[0]?.end(success(summaryOf('mini')))
    await Promise.all([mini, again])
    expect(loader.summary?.model).toBe('mini')
  })

  it('does not call it a loss when it was restarted by hand', async () => {
    const { loader, lose } = setUp()
    lose('it ended')
    await loader.restart()
    expect(loader.loss).toBeUndefined()
  })

  it('tries again after a failure', async () => {
    const { loader, loads } = setUp()
    const first = loader.ensure('nano')
    const error = { code: 'model-unavailable' as const, message: 'Not there.' }
    loads[0]?.end(failure(error))
    expect(await first).toEqual(failure(error))
    expect(loader.status).toEqual({ kind: 'failed', model: 'nano', error })
    void loader.ensure('nano')
    expect(loads).toHaveLength(2)
  })

  it('brings a ready model back when the engine died', async () => {
    const { loader, loads, lose } = setUp()
    const ready = loader.ensure('nano')
    loads[0]?.end(success(summaryOf('nano')))
    await ready
    lose('it ended')
    expect(loader.loss).toBe('it ended')
    expect(loads.map(({ model }) => model)).toEqual(['nano', 'nano'])
    loads[1]?.end(success(summaryOf('nano')))
    await vi.waitFor(() => expect(loader.status.kind).toBe('ready'))
  })

  it('lets those go that were asked for longest ago once their weights are over 1 GB, and loads them again', async () => {
    const { loader, loads, freed } = setUp()
    const load = async (model: string, weightsBytes: number): Promise<void> => {
      const ready = loader.ensure(model)
      loads.at(-1)?.end(success({ ...summaryOf(model), weightsBytes }))
      await ready
    }
    await load('nano', 1)
    await load('small', 400e6)
    await load('base', 500e6)
    expect(freed).toEqual([])
    await loader.ensure('nano')
    await load('large', 300e6)
    expect(freed).toEqual(['small'])
    expect(loader.summaryOf('small')).toBeUndefined()
    expect(loader.summaryOf('base')).toBeDefined()
    const count = loads.length
    await load('small', 400e6)
    expect(loads).toHaveLength(count + 1)
    expect(freed).toEqual(['small', 'base'])
  })

  it('does not let the model go that is picked, whatever else is loaded', async () => {
    const { loader, loads, freed } = setUp()
    const picked = loader.ensure('large')
    loads[0]?.end(success({ ...summaryOf('large'), weightsBytes: 900e6 }))
    await picked
    const other = loader.hold('base')
    loads[1]?.end(success({ ...summaryOf('base'), weightsBytes: 500e6 }))
    await other
    expect(freed).toEqual([])
    expect(loader.summary?.model).toBe('large')
  })

  it('does not repeat a load that the engine died of', async () => {
    const { loader, loads, lose } = setUp()
    const loading = loader.ensure('mini')
    lose('it ended')
    loads[0]?.end(failure({ code: 'worker-lost', message: 'It died.' }))
    await loading
    expect(loads).toHaveLength(1)
    expect(loader.status).toMatchObject({ kind: 'failed', model: 'mini' })
  })
})
