import { expect, it } from 'vitest'
import type { Asked } from '../../src/domain/asked'
import { failure } from '../../src/domain/outcome'
import type { Engine } from '../../src/engine/contract'
import { HandedOver } from '../../workers/engine/handed-over'
import { connect } from './channel'
import { requestOf } from './request'

const never = <T>(): Promise<T> => new Promise(() => undefined)
const request = (count: number) => requestOf(Array.from({ length: count }, (_, place) => `text ${place}`))

/** An engine that notes how many texts came in each message and which there were in the end. */
function noting(onHandOver: () => void = () => undefined) {
  const handedOver = new HandedOver()
  const messages: number[] = []
  const asked: (readonly Asked[])[] = []
  const engine: Engine = {
    survey: () => Promise.resolve({ threads: 1, isCrossOriginIsolated: false }),
    findGpu: never,
    heapBytes: never,
    untilLost: never,
    free: () => Promise.resolve(),
    load: never,
    handOver: (job, texts) => {
      messages.push(texts.length)
      handedOver.add(job, texts)
      onHandOver()
      return Promise.resolve()
    },
    classify: (job, { texts }) => {
      messages.push(texts.length)
      asked.push(handedOver.take(job, texts))
      return Promise.resolve(failure({ code: 'runtime', message: 'That was all.' }))
    },
    inspect: never,
    explain: never,
    learn: never,
    addAdapter: never,
    removeAdapter: never,
    exportModel: never,
    cancel: (job) => {
      handedOver.take(job, [])
      return Promise.resolve()
    },
  }
  return { engine, messages, asked, handedOver }
}

it('many texts come in messages of at most 2,000, in order, and few in one', async () => {
  const { engine, messages, asked } = noting()
  const { client } = connect(() => engine)
  const many = request(4500)
  await client.classify(many)
  await client.classify(request(2000))
  expect(messages).toEqual([2000, 2000, 500, 2000])
  expect(asked).toEqual([many.texts, request(2000).texts])
})

it('a run that is stopped while its texts are handed over asks nothing and leaves nothing behind', async () => {
  const stop = new AbortController()
  const { engine, messages, asked, handedOver } = noting(() => stop.abort())
  const { client } = connect(() => engine)
  const outcome = await client.classify(request(9000), { signal: stop.signal })
  expect(outcome).toMatchObject({ ok: false, error: { code: 'cancelled' } })
  expect(messages).toEqual([2000])
  expect(asked).toEqual([])
  expect(handedOver.take('1', [])).toEqual([])
})

it('texts wait for their own job only', () => {
  const handedOver = new HandedOver()
  handedOver.add('1', ['a'])
  handedOver.add('2', ['x'])
  handedOver.add('1', ['b'])
  expect(handedOver.take('1', ['c'])).toEqual(['a', 'b', 'c'])
  expect(handedOver.take('1', ['c'])).toEqual(['c'])
})
