import { createRequire } from 'node:module'
import { pathToFileURL } from 'node:url'
import * as v from 'valibot'
import { afterEach, expect, it } from 'vitest'
import { heapBytes, watchHeap } from '../../workers/runtime/heap'

const PAGE_BYTES = 65_536
const { Memory } = WebAssembly

afterEach(() => {
  WebAssembly.Memory = Memory
})

/** ONNX Runtime's own module, started beside the one that other tests of this thread may have started before. */
async function startAnother(): Promise<void> {
  const path = createRequire(import.meta.url).resolve('onnxruntime-web/ort-wasm-simd-threaded.mjs')
  const module = v.parse(v.object({ default: v.function() }), await import(pathToFileURL(path).href))
  await module.default({ numThreads: 1 })
}

it('the heap is that which ONNX Runtime made, as large as it has grown', async () => {
  watchHeap()
  expect(heapBytes()).toBe(0)
  await startAnother()
  const started = heapBytes()
  // It begins with 256 pages and may grow to 65,536.
  expect(started).toBe(256 * PAGE_BYTES)
  const grown = new WebAssembly.Memory({ initial: 1, maximum: 3 })
  grown.grow(2)
  expect(heapBytes()).toBe(started + 3 * PAGE_BYTES)
})
