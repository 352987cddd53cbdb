/** The engine worker: sees text, reaches only its own origin. */
import { expose } from 'comlink'
import { createEngine } from './engine/engine'
import { createFetchSource } from './engine/fetch-source'
import { createKeepingSource } from './engine/keeping-source'
import { createStoredSource } from './engine/stored-source'
import type { Gpu } from './engine/target'
import { gpuBuild, runtimePaths } from './runtime/builds'
import { configureRuntime } from './runtime/configure'
import { findGpuAdapter } from './runtime/gpu-adapter'
import { heapBytes, watchHeap } from './runtime/heap'
import { compileForWasm, startRuntime } from './runtime/session'
import { compileForWebGpu } from './runtime/webgpu'
import { openKeptFiles } from './kept/kept-files'
import type { Engine } from '../src/engine/contract'

const threads = self.crossOriginIsolated ? Math.min(4, Math.ceil(navigator.hardwareConcurrency / 2)) : 1
// Both the built worker (assets/) and the one of the development server (workers/) lie one folder below the site's own.
const site = new URL('../', self.location.href)

// [Note: A worker for each backend]: which one this is stands in its name. WebGPU's build has the processor's kernels too.
const isForWebGpu = self.name.includes('webgpu')
watchHeap()
configureRuntime({ threads, paths: runtimePaths(site, isForWebGpu ? gpuBuild() : 'plain') })
if (!isForWebGpu) void startRuntime()

let loseDevice: (reason: string) => void
const gpu: Gpu = {
  find: findGpuAdapter,
  compile: (graph) => compileForWebGpu(graph, loseDevice),
  lost: new Promise((resolve) => {
    loseDevice = resolve
  }),
}

const kept = openKeptFiles()
const engine = createEngine({
  source: createStoredSource(
    kept,
    createKeepingSource(createFetchSource(new URL('models/', site)), kept, Date.now),
    Date.now,
  ),
  compile: compileForWasm,
  gpu,
  threads,
  isCrossOriginIsolated: self.crossOriginIsolated,
  now: () => performance.now(),
  heapBytes,
})

// The lock is held for as long as this worker lives; the page asks for it after the first answer, to learn of our death.
const isHeld = new Promise<void>((resolve) => {
  void navigator.locks.request(self.name, () => {
    resolve()
    return new Promise(() => undefined)
  })
})

// Exposed at once: a message that arrived before would be lost.
expose({
  ...engine,
  survey: async () => {
    await isHeld
    return engine.survey()
  },
} satisfies Engine)
