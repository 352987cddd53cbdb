import { expect, test } from '@playwright/test'
import { growth, MEMORY_SHARE, memoryAfterCycles } from '../../scripts/soak/model-cycles'

// Few rounds, as each loads from nothing, and the software adapter needs seconds for a load: `npm run soak` goes 50 on both.
test.describe.configure({ timeout: 300_000 })

for (const [backend, rounds] of [
  ['wasm', 12],
  ['webgpu', 3],
] as const)
  test(`memory is where it was after ${rounds} rounds of loading, switching and freeing models on ${backend}`, async () => {
    const memory = await memoryAfterCycles(backend, rounds)
    test.skip(memory === undefined, 'this system does not tell of a process’s memory')
    if (!memory) return
    test.info().annotations.push({ type: 'memory, MB', description: JSON.stringify(memory) })
    for (const sizes of [memory.renderer, memory.gpuProcess])
      if (sizes) expect(growth(sizes), JSON.stringify(memory)).toBeLessThan(MEMORY_SHARE)
  })
