/** The engine worker: sees text, reaches only its own origin. */
import { expose } from 'comlink'
import { createEngine } from './engine/engine'
import { createFetchSource } from './engine/fetch-source'
import { configureRuntime } from './runtime/configure'
import { compileForWasm } from './runtime/session'

const threads = self.crossOriginIsolated ? Math.min(4, Math.ceil(navigator.hardwareConcurrency / 2)) : 1
// Both the built worker (assets/) and the one of the development server (workers/) lie one folder below the site's own.
const asset = (path: string) => new URL(`../${path}`, self.location.href)

configureRuntime({
  threads,
  paths: {
    mjs: asset('ort/ort-wasm-simd-threaded.mjs').href,
    wasm: asset('ort/ort-wasm-simd-threaded.wasm').href,
  },
})

const engine = createEngine({
  source: createFetchSource(asset('models/')),
  compile: compileForWasm,
  threads,
  isCrossOriginIsolated: self.crossOriginIsolated,
  now: () => performance.now(),
})

// The lock is held for as long as this worker lives; the page waits for it to learn of the worker's death.
void navigator.locks.request(self.name, () => {
  expose(engine)
  return new Promise(() => undefined)
})
