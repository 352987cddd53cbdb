import type { Engine } from '../../src/engine/contract'
import { createEngine } from '../../workers/engine/engine'
import { configureRuntime } from '../../workers/runtime/configure'
import { heapBytes } from '../../workers/runtime/heap'
import { compileForWasm } from '../../workers/runtime/session'
import { createDiskSource } from './disk-source'

/** The page's engine in Node, on the same WASM runtime; `threads` holds for all engines of the process. */
export function createNodeEngine(modelsFolder: string, threads: number): Engine {
  configureRuntime({ threads })
  return createEngine({
    source: createDiskSource(modelsFolder),
    compile: compileForWasm,
    threads,
    isCrossOriginIsolated: false,
    now: () => performance.now(),
    heapBytes,
  })
}
