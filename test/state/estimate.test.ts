import { describe, expect, it } from 'vitest'
import { composePage } from '../support/compose-page'
import { MemoryStore } from '../support/memory-store'

const MANY = Array.from({ length: 400 }, (_, place) => `Line ${place} of a long text`).join('\n')

describe('the time a run will take', () => {
  it('is not told for few lines, nor before anything was measured', async () => {
    const page = await composePage()
    page.input.write('One line.')
    expect([page.estimate.ms, page.estimate.isNeeded]).toEqual([undefined, false])
    page.input.write(MANY)
    expect([page.estimate.ms, page.estimate.isNeeded]).toEqual([undefined, true])
  })

  it('is measured on some of the lines themselves, whose answers are dropped', async () => {
    const page = await composePage({ delayMs: 2 })
    page.input.write(MANY)
    await page.estimate.measure()
    // A text takes 2 ms and what the timer adds; a made-up number would not be near.
    expect(page.estimate.ms).toBeGreaterThan(400 * 2)
    expect(page.estimate.ms).toBeLessThan(400 * 40)
    expect(page.run.shown).toBeUndefined()
    page.settings.change({ mode: 'zero-shot' })
    expect(page.estimate.ms).toBeUndefined()
  })

  it('is that of the last run, also at the next visit', async () => {
    const store = new MemoryStore()
    const page = await composePage({ store })
    page.input.write(MANY)
    await page.classify()
    const { ms } = page.estimate
    expect(ms).toBeGreaterThan(0)
    page.input.write([MANY, MANY].join('\n'))
    expect(page.estimate.ms).toBeCloseTo((ms ?? 0) * 2, 3)
    await expect.poll(() => store.records.has('rates')).toBe(true)
    const next = await composePage({ store })
    next.input.write(MANY)
    expect(next.estimate.ms).toBeCloseTo(ms ?? 0, 3)
  })

  it('is no hindrance to a run: its measurement ends where one begins', async () => {
    const page = await composePage({ delayMs: 5 })
    page.input.write(MANY)
    const measuring = page.estimate.measure()
    const running = page.classify()
    await measuring
    expect(page.estimate.isNeeded).toBe(true)
    page.run.stop()
    await running
  })
})
