import { describe, expect, it, vi } from 'vitest'
import { failure, success } from '../../src/domain/outcome'
import { linesOf, prepare, setUp, summaryOf } from '../support/run'

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
})
