import * as v from 'valibot'
import { describe, expect, it } from 'vitest'
import { ScoreTable } from '../../src/domain/score-table'
import { RunMemory } from '../../src/state/run-memory'
import type { RunResults } from '../../src/state/run-results'
import { PAGE_ROWS, readStoredRun, RESULTS_KEY } from '../../src/storage/results-record'
import { createWorkspace } from '../../src/storage/workspace'
import { FINANCE_TASK, fakeScore } from '../support/fake-engine'
import { MemoryStore } from '../support/memory-store'

function scored(texts: readonly string[], capacity: number): ScoreTable {
  const table = new ScoreTable(capacity, FINANCE_TASK.labels.length)
  for (const [index, text] of texts.entries()) table.add(fakeScore(text, index))
  return table
}

const rowsOf = (table: ScoreTable | undefined) =>
  Array.from({ length: table?.count ?? 0 }, (_, index) => table?.at(index))

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
    table: scored(lines.map(({ text }) => text).slice(0, done), total),
    count: done,
    parts: [
      {
        rows: done,
        batching: 'one by one',
        threads: 2,
        backend: 'wasm',
        numberFormat: 'int8',
        weightsSha256: 'b0b0',
      },
    ],
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
  return { store, workspace, memory: new RunMemory(workspace, { value: undefined, isRefused: true }) }
}

describe('stored results', () => {
  it('of a part that named neither backend nor weights come back as what they were', async () => {
    const { store, workspace, memory } = setUp()
    await memory.keep(runOf(3, 3), 'done')
    const head = v.parse(
      v.looseObject({ parts: v.array(v.record(v.string(), v.unknown())) }),
      store.records.get(RESULTS_KEY),
    )
    const parts = head.parts.map(({ rows, batching, threads }) => ({ rows, batching, threads }))
    store.records.set(RESULTS_KEY, { ...head, parts })
    const { value } = await readStoredRun(workspace)
    expect(value?.head.parts).toEqual([
      {
        rows: 3,
        batching: 'one by one',
        threads: 2,
        backend: 'wasm',
        numberFormat: 'int8',
        weightsSha256: '',
      },
    ])
  })

  it('come back whole over several pages', async () => {
    const { workspace, memory } = setUp()
    const run = runOf(2 * PAGE_ROWS + 5, 2 * PAGE_ROWS + 5)
    await memory.keep(run, 'running')
    const { value: stored } = await readStoredRun(workspace)
    expect(stored?.lines).toEqual(run.lines)
    expect(rowsOf(stored?.table)).toEqual(rowsOf(run.table))
    expect(stored?.head).toMatchObject({ setup: run.setup, parts: run.parts, state: 'running' })
  })

  it('keep the lines that a stopped run left over', async () => {
    const { workspace, memory } = setUp()
    await memory.keep(runOf(PAGE_ROWS + 5, 3), 'running')
    const { value: stored } = await readStoredRun(workspace)
    expect(stored?.lines).toHaveLength(PAGE_ROWS + 5)
    expect(stored?.table.count).toBe(3)
  })

  it('write only the pages that changed', async () => {
    const { store, workspace, memory } = setUp()
    await memory.keep(runOf(3 * PAGE_ROWS, 10), 'running')
    await memory.keep(runOf(3 * PAGE_ROWS, PAGE_ROWS + 10), 'running')
    expect([...(store.writes[1]?.keys() ?? [])]).toEqual(['results', 'results/scores/0', 'results/scores/1'])
    await memory.keep(runOf(3 * PAGE_ROWS, PAGE_ROWS + 20), 'running')
    expect([...(store.writes[2]?.keys() ?? [])]).toEqual(['results', 'results/scores/1'])
    expect((await readStoredRun(workspace)).value?.table.count).toBe(PAGE_ROWS + 20)
  })

  it('leave no page of a longer run behind', async () => {
    const { store, memory } = setUp()
    await memory.keep(runOf(2 * PAGE_ROWS, 0, 'long'), 'running')
    await memory.keep(runOf(3, 3, 'short'), 'running')
    expect([...store.records.keys()].sort()).toEqual(['results', 'results/lines/0', 'results/scores/0'])
  })

  it('are those of the last write that was not refused', async () => {
    const { store, workspace, memory } = setUp()
    await memory.keep(runOf(2 * PAGE_ROWS, 10), 'running')
    store.isRefusing = true
    await memory.keep(runOf(2 * PAGE_ROWS, PAGE_ROWS + 10), 'running')
    store.isRefusing = false
    expect((await readStoredRun(workspace)).value?.table.count).toBe(10)
  })

  it('are whole again once a write is no longer refused', async () => {
    const { store, workspace, memory } = setUp()
    await memory.keep(runOf(2 * PAGE_ROWS, 0, 'earlier'), 'running')
    store.isRefusing = true
    await memory.keep(runOf(2 * PAGE_ROWS, 10), 'running')
    const refused = memory.keep(runOf(2 * PAGE_ROWS, 20), 'running')
    const gathered = memory.keep(runOf(2 * PAGE_ROWS, PAGE_ROWS + 10), 'running')
    await refused
    await gathered
    store.isRefusing = false
    await memory.keep(runOf(2 * PAGE_ROWS, 2 * PAGE_ROWS), 'done')
    expect((await readStoredRun(workspace)).value?.table.count).toBe(2 * PAGE_ROWS)
  })

  it.each([
    ['a page of lines is gone', (store: MemoryStore) => store.records.delete('results/lines/0')],
    ['a page of scores is gone', (store: MemoryStore) => store.records.delete('results/scores/0')],
    [
      'a page is of another run',
      (store: MemoryStore) => store.records.set('results/lines/0', { version: 2, runId: 'other', lines: [] }),
    ],
    ['the head is of another version', (store: MemoryStore) => store.records.set('results', { version: 0 })],
    ['the head is no record', (store: MemoryStore) => store.records.set('results', 'nonsense')],
  ])('are ignored when %s', async (_, spoil) => {
    const { store, workspace, memory } = setUp()
    await memory.keep(runOf(5, 5), 'running')
    spoil(store)
    expect((await readStoredRun(workspace)).value).toBeUndefined()
  })

  it('are ignored when a page has scores for another number of labels', async () => {
    const { store, workspace, memory } = setUp()
    await memory.keep(runOf(1, 1), 'done')
    expect((await readStoredRun(workspace)).value).toBeDefined()
    const page = store.records.get('results/scores/0')
    store.records.set('results/scores/0', { ...Object(page), probabilities: new Float64Array(1) })
    expect((await readStoredRun(workspace)).value).toBeUndefined()
  })

  it('are those of the moment they were given, though the run went on', async () => {
    const { workspace, memory } = setUp()
    const run = runOf(PAGE_ROWS, 2)
    const earlier = memory.keep(runOf(3, 3, 'earlier'), 'done')
    const kept = memory.keep(run, 'running')
    run.table.add(fakeScore('text 2', 2))
    await earlier
    await kept
    expect((await readStoredRun(workspace)).value?.table.count).toBe(2)
  })

  it('are tried again less and less often while they are refused, and at once when the run ends', async () => {
    const { store, memory } = setUp()
    store.isRefusing = true
    let tries = 0
    const write = store.writeAll.bind(store)
    store.writeAll = (entries) => {
      tries += 1
      return write(entries)
    }
    const triesOf = async (times: number, runId: string) => {
      tries = 0
      for (let time = 0; time < times; time += 1) await memory.keep(runOf(3, 1, runId), 'running')
      return tries
    }
    expect(await triesOf(15, 'one')).toBe(4)
    expect(await triesOf(1, 'another')).toBe(1)
    await memory.keep(runOf(3, 1, 'another'), 'stopped')
    expect(tries).toBe(2)
  })
})

describe('stored results that make no sense', () => {
  it.each([
    [
      'an earlier form, without a page of it that can be read',
      (store: MemoryStore) => {
        store.records.set('results', { version: 1 })
        store.records.set('results/0', { version: 1, rows: ['secret'] })
      },
    ],
    [
      'pages without a head',
      (store: MemoryStore) => store.records.set('results/lines/7', { lines: ['secret'] }),
    ],
  ])('are removed whole: %s', async (_, spoil) => {
    const { store, workspace } = setUp()
    spoil(store)
    store.records.set('text', 'kept')
    new RunMemory(workspace, await readStoredRun(workspace))
    await workspace.write({})
    expect([...store.records.keys()]).toEqual(['text'])
  })

  it.each(['results', 'results/lines/0', 'results/scores/0'])(
    'are not meant where %s could not be read this once',
    async (key) => {
      const { store, workspace, memory } = setUp()
      await memory.keep(runOf(3, 3), 'done')
      store.unreadable = key
      const stored = await readStoredRun(workspace)
      expect(stored).toEqual({ value: undefined, isRefused: true })
      new RunMemory(workspace, stored)
      await workspace.write({ text: 'a' })
      store.unreadable = undefined
      expect((await readStoredRun(workspace)).value?.table.count).toBe(3)
    },
  )
})
