import { describe, expect, it } from 'vitest'
import { guardedEngine } from '../../src/state/guarded-engine'
import { createFakeEngine, FINANCE_TASK } from '../support/fake-engine'

const request = { model: 'nano', task: FINANCE_TASK, mode: { kind: 'zero-shot' as const } }

describe('guardedEngine', () => {
  it('turns a bug in the engine into an answer that says what to do', async () => {
    const buggy = () => Promise.reject(new TypeError('x is undefined'))
    const engine = guardedEngine({ ...createFakeEngine(), classify: buggy, inspect: buggy })
    const outcomes = [
      await engine.classify({ ...request, texts: ['a'] }),
      await engine.inspect({ ...request, text: 'a' }),
    ]
    for (const outcome of outcomes) {
      const error = outcome.ok ? undefined : outcome.error
      expect(error?.code).toBe('runtime')
      expect(error?.message).toMatch(/x is undefined.*Restart the engine/)
    }
  })

  it('hands on what works, options included', async () => {
    const engine = guardedEngine(createFakeEngine())
    const seen: number[] = []
    const outcome = await engine.classify(
      { ...request, texts: ['a', 'b'] },
      { onResults: (results) => seen.push(...results.map(({ index }) => index)) },
    )
    expect(outcome.ok).toBe(true)
    expect(seen).toEqual([0, 1])
  })
})
