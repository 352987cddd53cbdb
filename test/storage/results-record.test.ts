import { describe, expect, it } from 'vitest'
import { RunMemory } from '../../src/state/run-memory'
import type { RunResults } from '../../src/state/run-results'
import { PAGE_ROWS, readStoredRun } from '../../src/storage/results-record'
import { createWorkspace } from '../../src/storage/workspace'
import { FINANCE_TASK, fakeScore } from '../support/fake-engine'
import { MemoryStore } from '../support/memory-store'

function runOf(total: number, done: number, runId = 'one'): RunResults {
  const lines = Array.from({ length: total }, (_, index) => ({
    line: index + 1,
    text: `text ${index}`,
    // Every second line comes from a file.
    ...(index % 2 === 1 && { pair: `pair ${index}`, goldId: 'neutral', other: { id: `row ${index}` } }),
  }))
  return {
    runId,
    setup: {
      model: 'smallcap-t5-nano',
      task: FINANCE_TASK,
      mode: { kind: 'fine-tuned', adapter: 'finance' },
    },
    lines,
    results: lines.slice(0, done).map(({ text }, index) => fakeScore(text, index)),
    summary: {
      model: 'smallcap-t5-nano',
      weights: 'finance',
      numberFormat: 'int8',
      backend: 'wasm',
      threads: 2,
      batching: 'one by one',
      texts: done,
      elapsedMs: 12,
    },
  }
}

function setUp() {
  const store = new MemoryStore()
  const workspace = createWorkspace(store, () => undefined)
  return { store, workspace, memory: new RunMemory(workspace, undefined) }
}

describe('stored results', () => {
  it('come back whole over several pages', async () => {
    const { workspace, memory } = setUp()
    const run = runOf(2 * PAGE_ROWS + 5, 2 * PAGE_ROWS + 5)
    await memory.keep(run)
    const stored = await readStoredRun(workspace)
    expect(stored?.lines).toEqual(run.lines)
    expect(stored?.results).toEqual(run.results)
    expect(stored?.head.setup).toEqual(run.setup)
  })

  it('keep the lines that a stopped run left over', async () => {
    const { workspace, memory } = setUp()
    await memory.keep(runOf(PAGE_ROWS + 5, 3))
    const stored = await readStoredRun(workspace)
    expect(stored?.lines).toHaveLength(PAGE_ROWS + 5)
    expect(stored?.results).toHaveLength(3)
  })

  it('write only the pages that changed', async () => {
    const { store, workspace, memory } = setUp()
    await memory.keep(runOf(3 * PAGE_ROWS, 10))
    await memory.keep(runOf(3 * PAGE_ROWS, PAGE_ROWS + 10))
    expect([...(store.writes[1]?.keys() ?? [])]).toEqual(['results', 'results/0', 'results/1'])
    await memory.keep(runOf(3 * PAGE_ROWS, PAGE_ROWS + 20))
    expect([...(store.writes[2]?.keys() ?? [])]).toEqual(['results', 'results/1'])
    expect((await readStoredRun(workspace))?.results).toHaveLength(PAGE_ROWS + 20)
  })

  it('leave no page of a longer run behind', async () => {
    const { store, memory } = setUp()
    await memory.keep(runOf(2 * PAGE_ROWS, 0, 'long'))
    await memory.keep(runOf(3, 3, 'short'))
    expect([...store.records.keys()].sort()).toEqual(['results', 'results/0'])
  })

  it('are those of the last write that was not refused', async () => {
    const { store, workspace, memory } = setUp()
    await memory.keep(runOf(2 * PAGE_ROWS, 10))
    store.isRefusing = true
    await memory.keep(runOf(2 * PAGE_ROWS, PAGE_ROWS + 10))
    store.isRefusing = false
    expect((await readStoredRun(workspace))?.results).toHaveLength(10)
  })

  it('are whole again once a write is no longer refused', async () => {
    const { store, workspace, memory } = setUp()
    await memory.keep(runOf(2 * PAGE_ROWS, 0, 'earlier'))
    store.isRefusing = true
    await memory.keep(runOf(2 * PAGE_ROWS, 10))
    const refused = memory.keep(runOf(2 * PAGE_ROWS, 20))
    const gathered = memory.keep(runOf(2 * PAGE_ROWS, PAGE_ROWS + 10))
    await refused
    await gathered
    store.isRefusing = false
    await memory.keep(runOf(2 * PAGE_ROWS, 2 * PAGE_ROWS))
    expect((await readStoredRun(workspace))?.results).toHaveLength(2 * PAGE_ROWS)
  })

  it.each([
    ['a page is gone', (store: MemoryStore) => store.records.delete('results/0')],
    [
      'a page is of another run',
      (store: MemoryStore) =>
        store.records.set('results/0', { version: 1, runId: 'other', lines: [], rows: [] }),
    ],
    ['the head is of another version', (store: MemoryStore) => store.records.set('results', { version: 0 })],
    ['the head is no record', (store: MemoryStore) => store.records.set('results', 'nonsense')],
  ])('are ignored when %s', async (_, spoil) => {
    const { store, workspace, memory } = setUp()
    await memory.keep(runOf(5, 5))
    spoil(store)
    expect(await readStoredRun(workspace)).toBeUndefined()
  })

  it('are ignored when a row has scores for another number of labels', async () => {
    const { store, workspace, memory } = setUp()
    const run = runOf(1, 1)
    const [row] = run.results
    if (!row) throw new Error('the run has one row')
    await memory.keep({ ...run, results: [{ ...row, probabilities: [1] }] })
    expect(store.records.has('results')).toBe(true)
    expect(await readStoredRun(workspace)).toBeUndefined()
  })
})
