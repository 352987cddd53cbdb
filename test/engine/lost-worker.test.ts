import { afterEach, describe, expect, it, vi } from 'vitest'
import { failure, success } from '../../src/domain/outcome'
import type { Engine, LoadRequest, ModelSummary, ScoredText } from '../../src/engine/contract'
import { connect } from './channel'
import { requestOf } from './request'
import { createEngineClient } from '../../src/engine/client'
import type { WorkerHandle } from '../../src/engine/worker-handle'
import { expose } from 'comlink'

const survey = { threads: 1, isCrossOriginIsolated: false } as const
const summary = {
  model: 'm',
  weights: 'base',
  numberFormat: 'fp32',
  backend: 'wasm',
  threads: 1,
  batching: 'one by one',
  texts: 0,
  elapsedMs: 0,
} as const
const request = requestOf(['a', 'b'])
const loadedSummary: ModelSummary = {
  ...{ model: 'm', parameters: 1, numberFormat: 'fp32', backend: 'wasm', threads: 1 },
  ...{ weightsBytes: 4, loadMs: 1, task: request.task, adapters: [], weightsSha256: {} },
  ...{ modes: ['zero-shot'], areLabelsFixed: false, backends: ['wasm'], numberFormats: ['fp32'] },
  batching: 'one by one',
}
const result: ScoredText = {
  index: 0,
  probabilities: [1],
  scores: [0],
  inputTokens: 1,
  isCut: false,
  isUnreadable: false,
  demonstrationsUsed: 0,
  milliseconds: 1,
}
afterEach(() => {
  vi.useRealTimers()
})

const never = <T>(): Promise<T> => new Promise(() => undefined)

/** An engine whose run delivers one result and then hangs, as in one long call into the runtime. */
const hanging = (): Engine => ({
  survey: () => Promise.resolve(survey),
  findGpu: never,
  heapBytes: never,
  untilLost: never,
  free: () => Promise.resolve(),
  load: never,
  classify: async (_, __, onResults) => {
    await onResults([result])
    return never()
  },
  handOver: () => Promise.resolve(),
  inspect: never,
  explain: never,
  learn: never,
  addAdapter: never,
  removeAdapter: never,
  exportModel: never,
  cancel: () => Promise.resolve(),
})

describe('a worker whose models were let go', () => {
  const holding = (): Engine => ({
    ...hanging(),
    load: (_, { model }) => Promise.resolve(success({ ...loadedSummary, model })),
    classify: () => Promise.resolve(success(summary)),
  })

  it('is exchanged for a new one with the last of them, without a word', async () => {
    const { client, started } = connect(holding)
    const reasons: string[] = []
    client.onLost((reason) => reasons.push(reason))
    await client.load({ model: 'm' })
    await client.load({ model: 'n' })
    await client.free('m')
    await client.free('never-loaded')
    expect(started()).toBe(1)
    await client.free('n')
    expect(started()).toBe(2)
    expect(await client.classify(request)).toEqual(success(summary))
    expect(reasons).toEqual([])
  })

  it('ends the run that goes on in it first, and stays where a model was loaded again', async () => {
    let finish: () => void = () => undefined
    const { client, started } = connect(() => ({
      ...holding(),
      classify: () => new Promise((resolve) => (finish = () => resolve(success(summary)))),
    }))
    await client.load({ model: 'm' })
    const running = client.classify(request)
    await client.free('m')
    expect(started()).toBe(1)
    finish()
    expect(await running).toEqual(success(summary))
    expect(started()).toBe(2)

    await client.load({ model: 'm' })
    const another = client.classify(request)
    await client.free('m')
    await client.load({ model: 'm' })
    finish()
    expect(await another).toEqual(success(summary))
    expect(started()).toBe(2)
  })
})

describe('a worker that dies in the middle of a run', () => {
  it('is reported with what was delivered kept, and a new one answers', async () => {
    let isFirst = true
    const { client, kill, started } = connect(() => {
      const engine = isFirst ? hanging() : { ...hanging(), classify: () => Promise.resolve(success(summary)) }
      isFirst = false
      return engine
    })
    const reasons: string[] = []
    client.onLost((reason) => reasons.push(reason))
    const received: ScoredText[] = []
    const outcome = await client.classify(request, {
      onResults: (results) => {
        received.push(...results)
        kill('out of memory')
      },
    })
    expect(outcome).toMatchObject({ ok: false, error: { code: 'worker-lost' } })
    expect(outcome.ok ? '' : outcome.error.message).toContain('out of memory')
    expect(received).toEqual([result])
    expect(reasons).toEqual(['out of memory'])
    expect(started()).toBe(2)
    expect(await client.classify(request)).toEqual(success(summary))
  })
})

describe('a run that does not heed Stop', () => {
  it('is ended with its worker after a second, and answers that it was stopped', async () => {
    const { client, started } = connect(hanging)
    const controller = new AbortController()
    const stopped = performance.now()
    const outcome = await client.classify(request, {
      signal: controller.signal,
      onResults: () => {
        controller.abort()
      },
    })
    expect(outcome).toMatchObject({ ok: false, error: { code: 'cancelled' } })
    expect(performance.now() - stopped).toBeLessThan(3000)
    expect(started()).toBe(2)
    expect(await client.survey()).toEqual(success(survey))
  })
})

describe('a patient job that is aborted', () => {
  it('runs out as long as it needs, and the job begun meanwhile keeps its worker', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    let endFirst: () => void = () => undefined
    const cancelled: string[] = []
    const slow: Engine = {
      ...hanging(),
      classify: (job) =>
        job === '1'
          ? new Promise((resolve) => {
              endFirst = () => resolve(failure({ code: 'cancelled', message: 'At last.' }))
            })
          : Promise.resolve(success(summary)),
      cancel: (job) => Promise.resolve(void cancelled.push(job)),
    }
    const { client, started } = connect(() => slow)
    const controller = new AbortController()
    const patient = client.classify(request, { signal: controller.signal, isPatient: true })
    await client.survey()
    controller.abort()
    expect(await client.survey()).toEqual(success(survey))
    await vi.advanceTimersByTimeAsync(60_000)
    expect(cancelled).toEqual(['1'])
    expect(await client.classify(request)).toEqual(success(summary))
    endFirst()
    expect(await patient).toMatchObject({ ok: false, error: { code: 'cancelled' } })
    expect(started()).toBe(1)
  })
})

it('gives up on a worker that never starts, says so, and tries again when asked', async () => {
  let started = 0
  let isMended = false
  const spawn = (): WorkerHandle => {
    started += 1
    const { port1, port2 } = new MessageChannel()
    if (isMended) expose(hanging(), port2)
    const close = () => {
      port1.close()
      port2.close()
    }
    const lost = isMended ? never<string>() : Promise.resolve('its script could not be loaded')
    return { endpoint: port1, lost, watch: () => undefined, terminate: close }
  }
  const client = createEngineClient({ spawn })
  const outcome = await client.survey()
  expect(outcome).toMatchObject({ ok: false, error: { code: 'worker-lost' } })
  await new Promise((resolve) => setTimeout(resolve, 50))
  expect(started).toBe(3)
  const later = await client.classify(request)
  expect(later.ok ? '' : later.error.message).toContain('could not be started')
  isMended = true
  await client.restart()
  expect(await client.survey()).toEqual(success(survey))
})

it('does not begin a job whose signal is aborted already', async () => {
  const { client } = connect(hanging)
  const outcome = await client.classify(request, { signal: AbortSignal.abort() })
  expect(outcome).toMatchObject({ ok: false, error: { code: 'cancelled' } })
})

it('passes a bug on as a rejection instead of hiding it', async () => {
  const broken = { ...hanging(), inspect: () => Promise.reject(new TypeError('a bug')) }
  const { client } = connect(() => broken)
  const { model, task, mode } = request
  await expect(client.inspect({ model, task, mode, text: 'a' })).rejects.toThrow('a bug')
})

describe('a run that memory does not suffice for', () => {
  it('is answered as such by a worker that is replaced, and the next one is told to run texts one at a time', async () => {
    const loads: LoadRequest[] = []
    const tight = (): Engine => ({
      ...hanging(),
      load: (_, asked) => {
        loads.push(asked)
        return Promise.resolve(failure({ code: 'runtime', message: 'Not in this test.' }))
      },
      classify: () => Promise.resolve(failure({ code: 'out-of-memory', message: 'Too much.' })),
    })
    const { client, started } = connect(tight)
    const reasons: string[] = []
    client.onLost((reason) => reasons.push(reason))
    await client.load({ model: 'm', numberFormat: 'int8' })
    expect(await client.classify(request)).toMatchObject({ ok: false, error: { code: 'out-of-memory' } })
    expect(started()).toBe(2)
    expect(reasons).toEqual(['it ran out of memory'])
    await client.load({ model: 'm', numberFormat: 'int8' })
    await client.restart()
    await client.load({ model: 'm', numberFormat: 'int8' })
    expect(loads.map(({ isMemoryShort }) => isMemoryShort)).toEqual([false, true, false])
  })

  it('is none where only a model did not fit: the next one runs as ever', async () => {
    const loads: LoadRequest[] = []
    const { client, started } = connect(() => ({
      ...hanging(),
      load: (_, asked) => {
        loads.push(asked)
        return Promise.resolve(failure({ code: 'out-of-memory', message: 'Too much.' }))
      },
    }))
    await client.load({ model: 'large', numberFormat: 'int8' })
    expect(started()).toBe(2)
    await client.load({ model: 'small', numberFormat: 'int8' })
    expect(loads.map(({ isMemoryShort }) => isMemoryShort)).toEqual([false, false])
  })
})
