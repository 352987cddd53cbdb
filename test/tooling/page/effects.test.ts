import { flushSync } from 'svelte'
import { expect, test } from 'vitest'
import { EffectProbe } from './effect-probe.svelte'
import { inEffectRoot } from './effect-root.svelte'

// Without the `browser` condition Svelte's server build is tested, whose effects never run.
test('effects run in this project', () => {
  inEffectRoot(() => {
    const probe = new EffectProbe()
    flushSync()
    expect(probe.seen).toEqual([0])
    probe.value = 1
    flushSync()
    expect(probe.seen).toEqual([0, 1])
  })
})
