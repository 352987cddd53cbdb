import { describe, expect, it, vi } from 'vitest'
import type { Line } from '../../src/domain/lines'
import { joined, type Asked } from '../../src/domain/asked'
import { failure, success } from '../../src/domain/outcome'
import type { ClassifyRequest, EngineOutcome, RunSummary, ScoredText } from '../../src/engine/contract'
import type { ClassifyOptions, EngineClient } from '../../src/engine/engine-client'
import { RunMemory } from '../../src/state/run-memory'
import type { RunPlan } from '../../src/state/go'
import { Run, type MeasuredGo } from '../../src/state/run.svelte'
import { createWorkspace, NOTHING } from '../../src/storage/workspace'
import { createFakeEngine, FINANCE_TASK, fakeScore } from '../support/fake-engine'
import { MemoryStore } from '../support/memory-store'

const linesOf = (...texts: string[]): Line[] => texts.map((text, index) => ({ line: index + 1, text }))

const setup = { model: 'nano', task: FINANCE_TASK, mode: { kind: 'fine-tuned' as const, adapter: 'finance' } }
const loaded = {
  model: 'nano',
  parameters: 1,
  numberFormat: 'int8' as const,
  backend: 'wasm' as const,
  threads: 2,
  weightsBytes: 1,
  loadMs: 1,
  task: FINANCE_TASK,
  adapters: ['finance'],
  modes: ['zero-shot', 'k-shot', 'fine-tuned'] as const,
  areLabelsFixed: false,
  numberFormats: ['fp32', 'int8-weights', 'int8'] as const,
  backends: ['wasm', 'webgpu'] as const,
  weightsSha256: { base: 'b0b0', finance: 'f0f0' },
  batching: 'by length',
}
const reload = () => Promise.resolve(success(loaded))
const prepare = () => Promise.resolve(success<RunPlan>({ setup, loaded, reload }))
const summaryOf = (texts: number): RunSummary => ({
  model: 'nano',
  weights: 'finance',
  numberFormat: 'int8',
  backend: 'wasm',
  threads: 2,
  batching: 'by length',
  texts,
  elapsedMs: 100,
})

/** An engine whose classifications are answered by the test. */
function setUp() {
  const calls: {
    request: ClassifyRequest
    give: (from: number, to: number) => void
    end: (outcome: EngineOutcome<RunSummary>) => void
    signal: AbortSignal | undefined
  }[] = []
  const classify = (request: ClassifyRequest, { onResults, signal }: ClassifyOptions = {}) =>
    new Promise<EngineOutcome<RunSummary>>((end) => {
      const score = (text: Asked, index: number): ScoredText => fakeScore(joined(text), index)
      const give = (from: number, to: number) =>
        onResults?.(request.texts.slice(from, to).map((text, offset) => score(text, from + offset)))
      calls.push({ request, give, end, signal })
    })
  const engine: EngineClient = { ...createFakeEngine(), classify }
  const frames: (() => void)[] = []
  const store = new MemoryStore()
  const clock = { ms: 0 }
  const measured: MeasuredGo[] = []
  let id = 0
  const run = new Run({
    engine,
    memory: new RunMemory(
      createWorkspace(store, () => undefined),
      NOTHING,
    ),
    now: () => clock.ms,
    onFrame: (callback) => frames.push(callback),
    newId: () => `run ${(id += 1)}`,
    onMeasured: (go) => measured.push(go),
  })
  const call = async (index: number) => {
    await vi.waitFor(() => expect(calls.length).toBeGreaterThan(index))
    const made = calls[index]
    if (!made) throw new Error('waited for above')
    return made
  }
  const paint = () => frames.splice(0).forEach((callback) => callback())
  const indices = () =>
    Array.from({ length: run.shown?.count ?? 0 }, (_, at) => run.shown?.table.at(at).index)
  return { run, call, calls, paint, frames, store, clock, measured, indices }
}

describe('Run', () => {
  it('shows results once per frame, however many batches came', async () => {
    const { run, call, paint, frames, clock, indices } = setUp()
    void run.start(linesOf('a', 'b', 'c', 'd'), prepare)
    const { give } = await call(0)
    give(0, 1)
    give(1, 3)
    expect(frames).toHaveLength(1)
    expect(run.shown).toBeUndefined()
    clock.ms = 1500
    paint()
    expect(indices()).toEqual([0, 1, 2])
    expect(run.status).toEqual({ kind: 'running', done: 3, total: 4, perSecond: 2, remainingMs: 500 })
  })

  it('ends with the engine’s own summary, and stores it', async () => {
    const { run, call, store } = setUp()
    const ended = run.start(linesOf('a', 'b'), prepare)
    const { give, end } = await call(0)
    give(0, 2)
    end(success(summaryOf(2)))
    await ended
    expect(run.status).toEqual({ kind: 'done' })
    expect(run.shown?.summary).toEqual(summaryOf(2))
    await vi.waitFor(() => expect(store.records.get('results')).toMatchObject({ rows: 2, total: 2 }))
  })

  it('is unstored from its first results on until they are stored, or refused', async () => {
    const { run, call, paint, store } = setUp()
    const first = run.start(linesOf('a', 'b'), prepare)
    const one = await call(0)
    expect(run.isUnstored).toBe(false)
    one.give(0, 2)
    paint()
    expect(run.isUnstored).toBe(true)
    one.end(success(summaryOf(2)))
    await first
    await run.stored()
    expect(run.isUnstored).toBe(false)

    store.isRefusing = true
    const second = run.start(linesOf('c'), prepare)
    const two = await call(1)
    two.give(0, 1)
    paint()
    expect(run.isUnstored).toBe(true)
    two.end(success(summaryOf(1)))
    await second
    await run.stored()
    expect(run.isUnstored).toBe(false)
  })

  it('keeps earlier results until the next run has its first', async () => {
    const { run, call, paint } = setUp()
    const first = run.start(linesOf('a'), prepare)
    const one = await call(0)
    one.give(0, 1)
    one.end(success(summaryOf(1)))
    await first
    void run.start(linesOf('x', 'y'), prepare)
    const two = await call(1)
    expect(run.shown?.lines.map(({ text }) => text)).toEqual(['a'])
    two.give(0, 1)
    paint()
    expect(run.shown?.lines.map(({ text }) => text)).toEqual(['x', 'y'])
  })

  it('drops answers to a request that is not the newest', async () => {
    const { run, call, paint } = setUp()
    void run.start(linesOf('old'), prepare)
    const old = await call(0)
    const second = run.start(linesOf('new'), prepare)
    const fresh = await call(1)
    expect(old.signal?.aborted).toBe(true)
    fresh.give(0, 1)
    old.give(0, 1)
    old.end(failure({ code: 'runtime', message: 'too late to matter' }))
    fresh.end(success(summaryOf(1)))
    await second
    paint()
    expect(run.shown?.lines.map(({ text }) => text)).toEqual(['new'])
    expect(run.status).toEqual({ kind: 'done' })
  })

  it('stops, keeps what it has, and goes on with the rest under the same set-up', async () => {
    const { run, call, clock, indices } = setUp()
    const first = run.start(linesOf('a', 'b', 'c'), prepare)
    const one = await call(0)
    clock.ms = 40
    one.give(0, 1)
    run.stop()
    one.end(failure({ code: 'cancelled', message: 'Stopped.' }))
    await first
    expect(run.status).toEqual({ kind: 'stopped' })
    expect(run.shown?.count).toBe(1)
    expect(run.shown?.summary.batching).toBe('by length')

    const rest = run.proceed(() => Promise.resolve(success(loaded)))
    const two = await call(1)
    expect(two.request.texts).toEqual(['b', 'c'])
    expect(two.request.mode).toEqual(setup.mode)
    two.give(0, 2)
    two.end(success(summaryOf(2)))
    await rest
    expect(indices()).toEqual([0, 1, 2])
    expect(run.shown?.table.at(2)).toEqual(fakeScore('c', 2))
    expect(run.shown?.summary).toMatchObject({ texts: 3, elapsedMs: 140 })
  })

  it('stops at once while it waits for its model', async () => {
    const { run, calls } = setUp()
    const ended = run.start(linesOf('a'), () => new Promise(() => undefined))
    run.stop()
    await ended
    expect(run.status).toEqual({ kind: 'stopped' })
    expect(calls).toEqual([])
  })

  it('tells a lost engine from a failed run', async () => {
    const { run, call } = setUp()
    const first = run.start(linesOf('a'), prepare)
    ;(await call(0)).end(failure({ code: 'worker-lost', message: 'It died.' }))
    await first
    expect(run.status).toEqual({ kind: 'lost', reason: 'It died.' })
    const second = run.start(linesOf('a'), prepare)
    ;(await call(1)).end(failure({ code: 'runtime', message: 'No.' }))
    await second
    expect(run.status).toEqual({ kind: 'failed', error: { code: 'runtime', message: 'No.' } })
  })

  it('fails with the reason when the model cannot be loaded, without asking for scores', async () => {
    const { run, calls } = setUp()
    const error = { code: 'model-unavailable' as const, message: 'Not there.' }
    await run.start(linesOf('a'), () => Promise.resolve(failure(error)))
    expect(run.status).toEqual({ kind: 'failed', error })
    expect(calls).toEqual([])
  })

  it('stores a long run while it goes on', async () => {
    const { run, call, paint, store, clock } = setUp()
    void run.start(linesOf('a', 'b'), prepare)
    const { give } = await call(0)
    clock.ms = 2500
    give(0, 1)
    paint()
    await vi.waitFor(() => expect(store.records.get('results')).toMatchObject({ rows: 1, total: 2 }))
  })

  it('is held and resumed from the next line, and is stored as held', async () => {
    const { run, call, store, paint } = setUp()
    const first = run.start(linesOf('a', 'b', 'c'), prepare)
    const one = await call(0)
    expect(run.canPause).toBe(false)
    one.give(0, 2)
    paint()
    expect(run.canPause).toBe(true)
    run.pause()
    expect(one.signal?.aborted).toBe(true)
    one.end(failure({ code: 'cancelled', message: 'Stopped.' }))
    await first
    expect(run.status).toEqual({ kind: 'paused' })
    await vi.waitFor(() => expect(store.records.get('results')).toMatchObject({ rows: 2, state: 'paused' }))

    const rest = run.proceed(() => Promise.resolve(success(loaded)))
    const two = await call(1)
    expect(two.request.texts).toEqual(['c'])
    two.give(0, 1)
    two.end(success(summaryOf(1)))
    await rest
    expect(run.status).toEqual({ kind: 'done' })
    await vi.waitFor(() => expect(store.records.get('results')).toMatchObject({ rows: 3, state: 'done' }))
  })

  it('ends a held run when it is stopped', async () => {
    const { run, call, store, paint } = setUp()
    const first = run.start(linesOf('a', 'b'), prepare)
    const one = await call(0)
    one.give(0, 1)
    paint()
    run.pause()
    one.end(failure({ code: 'cancelled', message: 'Stopped.' }))
    await first
    run.stop()
    expect(run.status).toEqual({ kind: 'stopped' })
    expect(run.shown?.count).toBe(1)
    await vi.waitFor(() => expect(store.records.get('results')).toMatchObject({ state: 'stopped' }))
  })

  it('says which rows had another batching rule when another version goes on with it', async () => {
    const { run, call } = setUp()
    const first = run.start(linesOf('a', 'b', 'c'), prepare)
    const one = await call(0)
    one.give(0, 2)
    run.stop()
    one.end(failure({ code: 'cancelled', message: 'Stopped.' }))
    await first
    const rest = run.proceed(() => Promise.resolve(success({ ...loaded, batching: 'one by one' })))
    const two = await call(1)
    two.give(0, 1)
    two.end(success({ ...summaryOf(1), batching: 'one by one' }))
    await rest
    expect(run.shown?.summary.batching).toBe('rows 1 to 2: by length; rows 3 to 3: one by one')
    expect(run.shown?.parts).toHaveLength(2)
    expect(run.shown?.parts[0]?.weightsSha256).toBe('b0b0+f0f0')
  })

  it('knows whether the results shown are its own', async () => {
    const { run, call } = setUp()
    const first = run.start(linesOf('a', 'b'), prepare)
    const one = await call(0)
    one.give(0, 1)
    run.stop()
    one.end(failure({ code: 'cancelled', message: 'Stopped.' }))
    await first
    expect(run.isOfShown).toBe(true)
    await run.start(linesOf('x'), () =>
      Promise.resolve(failure({ code: 'model-unavailable', message: 'Not there.' })),
    )
    expect(run.isOfShown).toBe(false)
    expect(run.shown?.count).toBe(1)
  })

  it('tells how long the lines of each go took, without what came before the first results', async () => {
    const { run, call, clock, measured } = setUp()
    const first = run.start(linesOf('a', 'b', 'c', 'd'), prepare)
    const one = await call(0)
    clock.ms = 5000
    one.give(0, 1)
    clock.ms = 5080
    one.give(1, 3)
    clock.ms = 6000
    run.stop()
    one.end(failure({ code: 'cancelled', message: 'Stopped.' }))
    await first
    const lines = linesOf('a', 'b', 'c').slice(1)
    expect(measured).toEqual([{ setup, loaded, reload, lines, elapsedMs: 80 }])
  })
})

it('a run whose backend is lost goes on behind its last result on the backend that is left', async () => {
  const { run, call, paint, indices } = setUp()
  const onGpu = { ...loaded, backend: 'webgpu', numberFormat: 'int8-weights' } as const
  const onWasm = { ...loaded, fallback: 'The graphics device was lost.' }
  const ended = run.start(linesOf('a', 'b', 'c'), () =>
    Promise.resolve(
      success<RunPlan>({ setup, loaded: onGpu, reload: () => Promise.resolve(success(onWasm)) }),
    ),
  )
  const first = await call(0)
  first.give(0, 1)
  paint()
  first.end(failure({ code: 'backend-lost', message: 'The graphics device was lost.' }))
  const second = await call(1)
  expect(second.request.texts).toEqual(['b', 'c'])
  second.give(0, 2)
  paint()
  second.end(success({ ...summaryOf(2), fallback: onWasm.fallback }))
  await ended
  expect(run.status).toEqual({ kind: 'done' })
  expect(indices()).toEqual([0, 1, 2])
  expect(run.shown?.parts.map(({ rows, backend }) => [rows, backend])).toEqual([
    [1, 'webgpu'],
    [2, 'wasm'],
  ])
  expect(run.shown?.summary.fallback).toBe(onWasm.fallback)
})
