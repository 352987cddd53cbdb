import { expect, it } from 'vitest'
import { configureRuntime } from '../../workers/runtime/configure'
import { heapBytes, watchHeap } from '../../workers/runtime/heap'
import { startRuntime } from '../../workers/runtime/session'

const PAGE_BYTES = 65_536

it('the heap is that which ONNX Runtime made, as large as it has grown', async () => {
  watchHeap()
  expect(heapBytes()).toBe(0)
  configureRuntime({ threads: 1 })
  await startRuntime()
  const started = heapBytes()
  // It begins with 256 pages and may grow to 65,536.
  expect(started).toBeGreaterThanOrEqual(256 * PAGE_BYTES)
  expect(started).toBeLessThan(1024 * PAGE_BYTES)
  const grown = new WebAssembly.Memory({ initial: 1, maximum: 3 })
  grown.grow(2)
  expect(heapBytes()).toBe(started + 3 * PAGE_BYTES)
})
