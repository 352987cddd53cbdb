import { flushSync } from 'svelte'
import { describe, expect, it } from 'vitest'
import { failure } from '../../src/domain/outcome'
import type { ClassifyRequest, EngineErrorCode } from '../../src/engine/contract'
import type { ClassifyOptions } from '../../src/engine/engine-client'
import { composePage, type PageOptions } from '../support/compose-page'
import { createFakeEngine, fakeScore } from '../support/fake-engine'
import { MemoryStore } from '../support/memory-store'

const MANY = Array.from({ length: 400 }, (_, place) => `Line ${place} of a long text`).join('\n')

/** A page whose model is loaded. */
async function ready(options: PageOptions = {}) {
  const page = await composePage(options)
  await page.loader.ensure('smallcap-t5-nano')
  return page
}

/** An engine that takes `prepareMs` once and `textMs` for each text, on a clock of its own. */
function timed(prepareMs: number, textMs: number) {
  const clock = { ms: 0 }
  const asked: ClassifyRequest[] = []
  const classify = (request: ClassifyRequest, { onResults }: ClassifyOptions = {}) => {
    asked.push(request)
    clock.ms += prepareMs
    for (const index of request.texts.keys()) {
      clock.ms += textMs
      onResults?.([fakeScore('a', index)])
    }
    return createFakeEngine().classify({ ...request, texts: [] })
  }
  return { asked, options: { verbs: { classify }, now: () => clock.ms } }
}

/** Measures as the page does: whenever it is needed. */
function measureWhereNeeded(page: Awaited<ReturnType<typeof ready>>) {
  return $effect.root(() => {
    $effect(() => {
      if (!page.run.isRunning && page.estimate.isNeeded) void page.estimate.measure()
    })
  })
}

describe('the time a run will take', () => {
  it('is not told for few lines, nor before anything was measured, nor before the model is there', async () => {
    const page = await composePage()
    page.input.write(MANY)
    expect([page.estimate.ms, page.estimate.isNeeded]).toEqual([undefined, false])
    await page.loader.ensure('smallcap-t5-nano')
    expect([page.estimate.ms, page.estimate.isNeeded]).toEqual([undefined, true])
    page.input.write('One line.')
    expect([page.estimate.ms, page.estimate.isNeeded]).toEqual([undefined, false])
  })

  it('is measured on some of the lines themselves, without what is done once before the first', async () => {
    const { options, asked } = timed(10_000, 2)
    const page = await ready(options)
    page.input.write(Array.from({ length: 400 }, () => 'All of a length').join('\n'))
    await page.estimate.measure()
    expect(page.estimate.ms).toBeCloseTo(400 * 2, 6)
    expect(asked.map(({ texts }) => texts.length)).toEqual([64])
    expect(page.run.shown).toBeUndefined()
    page.settings.change({ mode: 'zero-shot' })
    expect(page.estimate.ms).toBeUndefined()
  })

  it('is measured on texts with their pairs', async () => {
    const { options, asked } = timed(0, 2)
    const page = await ready(options)
    const lines = Array.from({ length: 400 }, (_, place) => ({ line: place + 1, text: 'a', pair: 'b' }))
    page.input.useFile({ name: 'a.csv', lines, skipped: 0, unreadableRows: 0 })
    await page.estimate.measure()
    expect(asked[0]?.texts[0]).toEqual({ text: 'a', pair: 'b' })
  })

  it('is that of the last run, also at the next visit', async () => {
    const store = new MemoryStore()
    const page = await ready({ store })
    page.input.write(MANY)
    await page.classify()
    const { ms } = page.estimate
    expect(ms).toBeGreaterThan(0)
    page.input.write([MANY, MANY].join('\n'))
    expect(page.estimate.ms).toBeCloseTo((ms ?? 0) * 2, 3)
    await expect.poll(() => store.records.has('rates')).toBe(true)
    const next = await ready({ store })
    next.input.write(MANY)
    expect(next.estimate.ms).toBeCloseTo(ms ?? 0, 3)
  })
})

describe('a measurement', () => {
  it('is no hindrance to a run: it ends where one begins, and no worker is ended for it', async () => {
    const patient: (boolean | undefined)[] = []
    const fake = createFakeEngine({ delayMs: 5 })
    const page = await ready({
      verbs: {
        classify: (request, options) => {
          patient.push(options?.isPatient)
          return fake.classify(request, options)
        },
      },
    })
    page.input.write(MANY)
    const measuring = page.estimate.measure()
    await expect.poll(() => patient).toEqual([true])
    const running = page.classify()
    await measuring
    expect(page.estimate.isNeeded).toBe(true)
    page.run.stop()
    await running
    expect(patient).toEqual([true, undefined])
  })

  it.each<[EngineErrorCode]>([['worker-lost'], ['runtime'], ['out-of-memory']])(
    'that ends with %s is not tried again before a run succeeded',
    async (code) => {
      let measured = 0
      const fake = createFakeEngine()
      const page = await ready({
        verbs: {
          classify: (request, options) => {
            if (!options?.isPatient) return fake.classify(request, options)
            measured += 1
            return Promise.resolve(failure({ code, message: 'No.' }))
          },
        },
      })
      page.input.write(MANY)
      const stop = measureWhereNeeded(page)
      flushSync()
      await expect.poll(() => measured).toBe(1)
      await page.loader.restart()
      await page.loader.ensure('smallcap-t5-nano')
      flushSync()
      expect([measured, page.estimate.isNeeded]).toEqual([1, false])
      stop()
      page.input.write('Too few lines to tell.')
      await page.classify()
      page.input.write(MANY)
      expect(page.estimate.isNeeded).toBe(true)
    },
  )

  it('is made for the mode that was picked while another was measured', async () => {
    const { options, asked } = timed(0, 2)
    const page = await ready(options)
    page.input.write(MANY)
    const stop = measureWhereNeeded(page)
    flushSync()
    page.settings.change({ mode: 'zero-shot' })
    await expect.poll(() => page.estimate.ms).toBeGreaterThan(0)
    page.settings.change({ mode: 'k-shot' })
    await expect.poll(() => page.estimate.ms).toBeGreaterThan(0)
    expect(asked.map(({ mode }) => mode.kind)).toContain('zero-shot')
    stop()
  })
})
