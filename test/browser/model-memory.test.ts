import { expect, test } from '@playwright/test'
import { growth, MEMORY_SHARE, memoryAfterCycles } from '../../scripts/soak/model-cycles'

// Few, as each round loads from nothing, and not on the software adapter, which needs seconds for a load. `npm run soak` goes
// 50 rounds on both backends.
const ROUNDS = 4

test(`memory is where it was after ${ROUNDS} rounds of loading, switching and freeing models @slow`, async () => {
  test.setTimeout(120_000)
  const memory = await memoryAfterCycles('wasm', ROUNDS)
  test.skip(memory === undefined, 'this system does not tell of a process’s memory')
  if (!memory) return
  test.info().annotations.push({ type: 'memory, MB', description: JSON.stringify(memory) })
  expect(growth(memory.renderer), JSON.stringify(memory)).toBeLessThan(MEMORY_SHARE)
})
