import { describe, expect, it, vi } from 'vitest'
import { failure, success } from '../../src/domain/outcome'
import type { RunPlan } from '../../src/state/go'
import { fakeScore } from '../support/fake-engine'
import { linesOf, loaded, prepare, reload, setUp, setup, summaryOf } from '../support/run'

describe('Run, in several goes', () => {
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

  it('goes on when its backend is lost, behind its last result on the backend that is left', async () => {
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
})
