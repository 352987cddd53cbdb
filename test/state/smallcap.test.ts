import { describe, expect, it, vi } from 'vitest'
import { SAMPLE_LINES } from '../../src/samples/sample-lines'
import type { FileSource } from '../../src/storage/file-record'
import { composePage } from '../support/compose-page'
import { MemoryStore } from '../support/memory-store'
import { shownRows } from '../support/shown-rows'

describe('a visit', () => {
  it('begins with results of the sample lines, fine-tuned, by the smallest model', async () => {
    const page = await composePage()
    await page.start()
    expect(page.run.status).toEqual({ kind: 'done' })
    expect(shownRows(page).map(({ text }) => text)).toEqual(SAMPLE_LINES)
    expect(page.run.shown?.setup).toMatchObject({
      model: 'smallcap-t5-nano',
      mode: { kind: 'fine-tuned', adapter: 'finance' },
    })
  })

  it('goes on where the last one ended, without classifying again', async () => {
    const store = new MemoryStore()
    const first = await composePage({ store })
    first.input.write('One line.\n\nAnother line.')
    first.settings.change({ mode: 'zero-shot', threshold: 0.9 })
    await first.classify()
    await vi.waitFor(() => expect(store.records.get('results')).toMatchObject({ rows: 2 }))

    const second = await composePage({ store })
    await second.start()
    expect(second.input.text).toBe('One line.\n\nAnother line.')
    expect(second.settings.mode).toBe('zero-shot')
    expect(second.settings.threshold).toBe(0.9)
    expect(shownRows(second)).toEqual(shownRows(first))
    expect(shownRows(second).map(({ line }) => line)).toEqual([1, 3])
    expect(second.run.shown?.runId).toBe(first.run.shown?.runId)
    expect(second.loader.status.kind).toBe('ready')
  })

  it('works where nothing can be stored, and says so', async () => {
    const store = new MemoryStore()
    store.isRefusing = true
    const page = await composePage({ store })
    await page.start()
    expect(page.run.status).toEqual({ kind: 'done' })
    expect(page.notes.sentences).toEqual([expect.stringContaining('refuses to store')])
  })

  it('begins anew over stored records that make no sense', async () => {
    const store = new MemoryStore()
    store.records.set('settings', { version: 1, threshold: 'high' })
    store.records.set('text', null)
    store.records.set('results', { version: 1, runId: 7 })
    const page = await composePage({ store })
    await page.start()
    expect(page.input.isSample).toBe(true)
    expect(page.settings.threshold).toBe(0.6)
    expect(page.run.status).toEqual({ kind: 'done' })
    expect(page.notes.sentences).toHaveLength(3)
  })

  it('says what is wrong when there is no list of models', async () => {
    const page = await composePage({ hasCatalogue: false })
    await page.start()
    expect(page.canClassify).toBe(false)
    expect(page.notes.sentences).toEqual(['The list of models could not be read.'])
  })
})

describe('changedSince', () => {
  it('names what differs between the results and the next run', async () => {
    const page = await composePage()
    await page.start()
    expect(page.changedSince).toEqual([])
    page.settings.change({ mode: 'k-shot' })
    expect(page.changedSince).toEqual(['mode'])
    page.input.write('Other text.')
    page.pickModel('smallcap-t5-mini')
    expect(page.changedSince).toEqual(['text', 'model', 'mode'])
    await page.classify()
    expect(page.changedSince).toEqual([])
  })

  it('minds the seed only where demonstrations are picked at random', async () => {
    const page = await composePage()
    page.settings.change({ mode: 'k-shot', policy: 'random', seed: 1 })
    await page.classify()
    page.settings.change({ seed: 2 })
    expect(page.changedSince).toEqual(['mode'])
    page.settings.change({ policy: 'similar' })
    await page.classify()
    page.settings.change({ seed: 3 })
    expect(page.changedSince).toEqual([])
  })

  it('does not mind the threshold, which changes no answer', async () => {
    const page = await composePage()
    await page.start()
    page.settings.change({ threshold: 0.99 })
    expect(page.changedSince).toEqual([])
    expect(page.view.counts.notSure).toBe(SAMPLE_LINES.length)
  })
})

describe('changedSince, for rows of a file', () => {
  const file = (goldId: string, id: string): FileSource => ({
    name: 'a.csv',
    lines: [{ line: 2, text: 'Sales rose.', goldId, other: { id } }],
    skipped: 0,
    unreadableRows: 0,
  })

  it.each([
    ['other gold labels', file('neutral', '7')],
    ['other cells in other columns', file('positive', '8')],
  ])('minds %s beside the same texts', async (_, changed) => {
    const page = await composePage()
    page.input.useFile(file('positive', '7'))
    await page.classify()
    page.input.useFile(file('positive', '7'))
    expect(page.changedSince).toEqual([])
    page.input.useFile(changed)
    expect(page.changedSince).toEqual(['columns'])
    await page.classify()
    expect([page.changedSince, page.view.row(0).goldId]).toEqual([[], changed.lines[0]?.goldId])
  })
})

describe('to classify the same question', () => {
  const MANY = Array.from({ length: 200 }, (_, place) => `Line ${place}`).join('\n')

  it('goes on with what a stopped run left over; to start over is another matter', async () => {
    const page = await composePage({ delayMs: 1 })
    page.input.write(MANY)
    const running = page.classify()
    await expect.poll(() => page.run.canPause).toBe(true)
    page.run.stop()
    await running
    const runId = page.run.shown?.runId
    expect([page.isToGoOn, page.run.status.kind]).toEqual([true, 'stopped'])
    await page.classify()
    expect([page.run.shown?.runId, page.run.shown?.count, page.isToGoOn]).toEqual([runId, 200, false])
    await page.startOver()
    expect(page.run.shown?.runId).not.toBe(runId)
  })

  it('goes on with what an engine that was lost left over', async () => {
    const page = await composePage({ diesAfter: 5 })
    await page.start()
    const runId = page.run.shown?.runId
    await page.classify()
    expect([page.run.status.kind, page.run.shown?.runId]).toEqual(['done', runId])
  })

  it('waits for a large text that is still being read, which asks another question than the held run', async () => {
    let ms = 0
    const page = await composePage({ delayMs: 1, now: () => (ms += 5) })
    page.input.write(MANY)
    const running = page.classify()
    await expect.poll(() => page.run.canPause).toBe(true)
    page.run.pause()
    await running
    page.input.take(Array.from({ length: 2000 }, (_, place) => `Other ${place}`).join('\n'))
    expect(page.input.isReading).toBe(true)
    const other = page.classify()
    await expect.poll(() => page.run.shown?.lines[0]?.text).toBe('Other 0')
    page.run.stop()
    await other
  })
})

describe('a lost engine', () => {
  it('keeps the results so far and goes on with the rest', async () => {
    const page = await composePage({ diesAfter: 5 })
    await page.start()
    expect(page.run.status.kind).toBe('lost')
    expect(shownRows(page)).toHaveLength(5)
    await page.proceed()
    expect(page.run.status).toEqual({ kind: 'done' })
    expect(shownRows(page).map(({ text }) => text)).toEqual(SAMPLE_LINES)
  })
})

describe('a run that is under way', () => {
  const MANY = Array.from({ length: 200 }, (_, place) => `Line ${place}`).join('\n')

  it('is not begun again by the same question, and goes on by it once it is held', async () => {
    const page = await composePage({ delayMs: 1 })
    page.input.write(MANY)
    const running = page.classify()
    await expect.poll(() => page.run.canPause).toBe(true)
    const runId = page.run.shown?.runId
    await page.classify()
    expect([page.run.isRunning, page.run.shown?.runId]).toEqual([true, runId])
    page.pauseOrResume()
    await running
    expect(page.run.status.kind).toBe('paused')
    await page.classify()
    expect(page.run.status.kind).toBe('done')
    expect([page.run.shown?.runId, page.run.shown?.count]).toEqual([runId, 200])
  })

  it('is stored as far as it is before a reload that is asked for, and goes on after it', async () => {
    const store = new MemoryStore()
    const page = await composePage({ store, delayMs: 1 })
    page.input.write(MANY)
    void page.classify()
    await expect.poll(() => page.run.canPause).toBe(true)
    page.settings.change({ theme: 'dark' })
    const done = page.run.shown?.count ?? 0
    await page.keepWork()
    const atReload = new MemoryStore()
    for (const [key, record] of store.records) atReload.records.set(key, record)
    page.run.stop()
    const next = await composePage({ store: atReload })
    expect([next.run.status.kind, next.settings.theme]).toEqual(['interrupted', 'dark'])
    expect(next.run.shown?.count).toBeGreaterThanOrEqual(done)
    expect(next.input.text).toBe(MANY)
    await next.goOn(next.run.shown?.runId ?? '')
    expect([next.run.status.kind, next.run.shown?.count]).toEqual(['done', 200])
  })

  it('is asked again after a reload that came before anything of it was stored', async () => {
    const store = new MemoryStore()
    const page = await composePage({ store })
    page.input.write('Profit rose.')
    await page.classify()
    await page.keepWork()
    const atReload = new MemoryStore()
    for (const [key, record] of store.records) atReload.records.set(key, record)
    page.settings.change({ mode: 'zero-shot' })
    await page.keepWork()
    atReload.records.set('settings', store.records.get('settings'))
    await page.classify()
    const lost = page.run.runId ?? ''
    const next = await composePage({ store: atReload })
    await next.start()
    expect([next.run.shown?.setup.mode.kind, next.run.shown?.runId === lost]).toEqual(['fine-tuned', false])
    await next.goOn(lost)
    expect([next.run.status.kind, next.run.shown?.setup.mode.kind]).toEqual(['done', 'zero-shot'])
    const { runId } = next.run
    await next.goOn(runId ?? '')
    expect(next.run.runId).toBe(runId)
  })

  it('is not asked again where something newer was: the examples of a first visit, say', async () => {
    const page = await composePage({ store: new MemoryStore() })
    await page.start()
    const { runId } = page.run
    expect([page.run.status.kind, runId === undefined]).toEqual(['done', false])
    await page.goOn('a run of which nothing was stored')
    expect(page.run.runId).toBe(runId)
  })

  it('writes nothing again before a reload that was stored already, perhaps by another tab since', async () => {
    const store = new MemoryStore()
    const page = await composePage({ store })
    page.input.write('Profit rose.')
    await page.classify()
    await page.keepWork()
    const writes = store.writes.length
    await page.keepWork()
    expect(store.writes).toHaveLength(writes)
  })

  it('is offered to the next visit: held as held, cut short as interrupted', async () => {
    for (const kind of ['paused', 'interrupted'] as const) {
      const store = new MemoryStore()
      const page = await composePage({ store, delayMs: 1 })
      page.input.write(MANY)
      const running = page.classify()
      await expect.poll(() => page.run.canPause).toBe(true)
      page.run.pause()
      await running
      await expect.poll(() => store.records.get('results')).toMatchObject({ state: 'paused' })
      const head = store.records.get('results')
      if (kind === 'interrupted') store.records.set('results', { ...Object(head), state: 'running' })
      const next = await composePage({ store })
      await next.start()
      expect(next.run.status.kind).toBe(kind)
      await next.proceed()
      expect([next.run.status.kind, next.run.shown?.count]).toEqual(['done', 200])
    }
  })
})
