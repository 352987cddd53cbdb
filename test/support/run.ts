import { expect, vi } from 'vitest'
import type { Line } from '../../src/domain/lines'
import { joined, type Asked } from '../../src/domain/asked'
import { success } from '../../src/domain/outcome'
import type { ClassifyRequest, EngineOutcome, RunSummary, ScoredText } from '../../src/engine/contract'
import type { ClassifyOptions, EngineClient } from '../../src/engine/engine-client'
import { RunMemory } from '../../src/state/run-memory'
import type { RunPlan } from '../../src/state/go'
import { Run, type MeasuredGo } from '../../src/state/run.svelte'
import { createWorkspace, NOTHING } from '../../src/storage/workspace'
import { createFakeEngine, FINANCE_TASK, fakeScore } from './fake-engine'
import { MemoryStore } from './memory-store'

export const linesOf = (...texts: string[]): Line[] => texts.map((text, index) => ({ line: index + 1, text }))

export const setup = {
  model: 'nano',
  task: FINANCE_TASK,
  mode: { kind: 'fine-tuned' as const, adapter: 'finance' },
}
export const loaded = {
  model: 'nano',
  parameters: 1,
  numberFormat: 'int8' as const,
  backend: 'wasm' as const,
  threads: 2,
  weightsBytes: 1,
  loadMs: 1,
  task: FINANCE_TASK,
  adapters: ['finance'],
  modes: ['zero-shot', 'k-shot', 'fine-tuned'] as const,
  areLabelsFixed: false,
  numberFormats: ['fp32', 'int8-weights', 'int8'] as const,
  backends: ['wasm', 'webgpu'] as const,
  weightsSha256: { base: 'b0b0', finance: 'f0f0' },
  batching: 'by length',
}
export const reload = () => Promise.resolve(success(loaded))
export const prepare = () => Promise.resolve(success<RunPlan>({ setup, loaded, reload }))
export const summaryOf = (texts: number): RunSummary => ({
  model: 'nano',
  weights: 'finance',
  numberFormat: 'int8',
  backend: 'wasm',
  threads: 2,
  batching: 'by length',
  texts,
  elapsedMs: 100,
})

/** An engine whose classifications are answered by the test. */
export function setUp() {
  const calls: {
    request: ClassifyRequest
    give: (from: number, to: number) => void
    end: (outcome: EngineOutcome<RunSummary>) => void
    signal: AbortSignal | undefined
  }[] = []
  const classify = (request: ClassifyRequest, { onResults, signal }: ClassifyOptions = {}) =>
    new Promise<EngineOutcome<RunSummary>>((end) => {
      const score = (text: Asked, index: number): ScoredText => fakeScore(joined(text), index)
      const give = (from: number, to: number) =>
        onResults?.(request.texts.slice(from, to).map((text, offset) => score(text, from + offset)))
      calls.push({ request, give, end, signal })
    })
  const engine: EngineClient = { ...createFakeEngine(), classify }
  const frames: (() => void)[] = []
  const store = new MemoryStore()
  const clock = { ms: 0 }
  const measured: MeasuredGo[] = []
  let id = 0
  const run = new Run({
    engine,
    memory: new RunMemory(
      createWorkspace(store, () => undefined),
      NOTHING,
    ),
    now: () => clock.ms,
    onFrame: (callback) => frames.push(callback),
    newId: () => `run ${(id += 1)}`,
    onMeasured: (go) => measured.push(go),
  })
  const call = async (index: number) => {
    await vi.waitFor(() => expect(calls.length).toBeGreaterThan(index))
    const made = calls[index]
    if (!made) throw new Error('waited for above')
    return made
  }
  const paint = () => frames.splice(0).forEach((callback) => callback())
  const indices = () =>
    Array.from({ length: run.shown?.count ?? 0 }, (_, at) => run.shown?.table.at(at).index)
  return { run, call, calls, paint, frames, store, clock, measured, indices }
}
