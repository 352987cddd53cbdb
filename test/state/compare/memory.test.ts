import { describe, expect, it } from 'vitest'
import { textOf } from '../../../src/domain/asked'
import { failure } from '../../../src/domain/outcome'
import type { ClassifyRequest, LoadRequest } from '../../../src/engine/contract'
import type { ClosableEngineClient } from '../../../src/engine/client'
import { makeReport } from '../../../src/state/compare/make-report'
import { composePage, type PageOptions } from '../../support/compose-page'
import { createFakeEngine, FAKE_HEAP_BYTES } from '../../support/fake-engine'
import { MemoryStore } from '../../support/memory-store'

/** The longest text of these is the last. */
const TEXTS = Array.from({ length: 40 }, (_, place) => `text ${'long '.repeat(place)}`.trim())
const LINES = TEXTS.map((text, place) => ({
  line: place + 1,
  text,
  goldId: place % 2 ? 'positive' : 'neutral',
}))

/** Engines beside the page's, with what they were asked. */
function engines(verbs: Partial<ClosableEngineClient> = {}) {
  const loads: LoadRequest[] = []
  const asked: ClassifyRequest[] = []
  let open = 0
  const openEngine = (): ClosableEngineClient => {
    const engine = createFakeEngine()
    open += 1
    return {
      ...engine,
      load: (request, options) => {
        loads.push(request)
        return engine.load(request, options)
      },
      classify: (request, options) => {
        asked.push(request)
        return engine.classify(request, options)
      },
      ...verbs,
      close: () => (open -= 1),
    }
  }
  return { openEngine, loads, asked, stillOpen: () => open }
}

async function compared(options: PageOptions) {
  const smallcap = await composePage(options)
  const desk = await smallcap.compareDesk.open()
  return { ...desk, smallcap }
}

async function answered(options: PageOptions) {
  const desk = await compared(options)
  desk.smallcap.input.useFile({ name: 'some.csv', lines: LINES, skipped: 0, unreadableRows: 0 })
  await desk.comparison.addUsual()
  await desk.comparison.runAll()
  return desk
}

describe('memory of set-ups', () => {
  it('is measured for each by itself in an engine that is closed again, on the longest texts, and kept', async () => {
    const store = new MemoryStore()
    const { openEngine, loads, asked, stillOpen } = engines()
    const desk = await answered({ store, openEngine })
    const { comparison, memory } = desk
    expect(memory.left).toHaveLength(4)
    expect(loads).toEqual([])
    await memory.measure()
    expect(stillOpen()).toBe(0)
    expect(memory.measured).toBeUndefined()
    expect(loads.map(({ model, numberFormat, adapters }) => [model, numberFormat, adapters])).toEqual([
      ['smallcap-t5-nano', 'int8', []],
      ['smallcap-t5-nano', 'int8', []],
      ['smallcap-t5-mini', 'int8', []],
      ['smallcap-t5-mini', 'int8', []],
    ])
    expect(asked.map(({ mode }) => mode.kind)).toEqual(['zero-shot', 'fine-tuned', 'zero-shot', 'fine-tuned'])
    expect(asked[0]?.texts.map(textOf)).toEqual(TEXTS.slice(8).reverse())
    const heaps = () => comparison.setups.map(({ heapBytes }) => heapBytes)
    expect(heaps()).toEqual(Array.from({ length: 4 }, () => FAKE_HEAP_BYTES))
    const report = await makeReport(desk, desk.report)
    expect(report.sides.map(({ setup }) => setup?.heapBytes)).toEqual(heaps())

    const again = await compared({ store })
    expect(again.comparison.setups.map(({ heapBytes }) => heapBytes)).toEqual(heaps())
    // Answers that are not shown have no memory either, and other answers are measured anew.
    const [first] = comparison.setups
    if (!first) throw new Error('There is no set-up.')
    comparison.change(first, { numberFormat: 'fp32' })
    expect(heaps()[0]).toBeUndefined()
    await comparison.queue.run([first])
    expect(heaps()[0]).toBeUndefined()
    expect(memory.left).toEqual([first])
  })

  it('is not told where weights lie in the memory of a graphics device', async () => {
    const { openEngine, loads } = engines()
    const fake = createFakeEngine()
    const { memory, comparison } = await answered({
      openEngine,
      verbs: {
        load: async (request, options) => fake.load({ ...request, backend: 'webgpu' }, options),
      },
    })
    expect(memory.left).toEqual([])
    expect(memory.onDevice).toEqual(comparison.setups)
    await memory.measure()
    expect(loads).toEqual([])
  })

  it('says why it could not be measured, goes on with the others, and stops when told to', async () => {
    const { openEngine } = engines({
      load: ({ model }) =>
        model.endsWith('nano')
          ? Promise.resolve(failure({ code: 'out-of-memory', message: 'The model does not fit.' }))
          : createFakeEngine().load({ model }),
    })
    const { memory, comparison } = await answered({ openEngine })
    await memory.measure()
    expect(memory.trouble).toBe('nano fine-tuned: The model does not fit.')
    expect(comparison.setups.map(({ heapBytes }) => heapBytes !== undefined)).toEqual([
      false,
      false,
      true,
      true,
    ])
    const stopped = memory.measure()
    memory.stop()
    await stopped
    expect(memory.trouble).toBeUndefined()
    expect(memory.left).toHaveLength(2)
  })
})
