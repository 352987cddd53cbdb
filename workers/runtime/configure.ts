import * as ort from 'onnxruntime-web'

/**
 * The three builds of ONNX Runtime's binary. `plain` has the processor's kernels alone and is the smallest; the others add
 * WebGPU and differ in how WASM waits for it: by the browser (JSPI, WebAssembly JavaScript promise integration), or by code
 * that unwinds its stack itself (asyncify), which is larger and slower.
 */
export type RuntimeBuild = 'plain' | 'jspi' | 'asyncify'

export interface RuntimeSettings {
  /** 1 or more; more than 1 needs cross-origin isolation in a browser. */
  readonly threads: number
  /** Where ONNX Runtime's own module and binary are served from; left out in Node, where they lie in its package. */
  readonly paths?: { readonly mjs: string; readonly wasm: string }
}

/** Sets ONNX Runtime up for the whole thread; only what is set before its first session counts. */
export function configureRuntime({ threads, paths }: RuntimeSettings): void {
  ort.env.wasm.numThreads = threads
  ort.env.wasm.proxy = false
  ort.env.logLevel = 'error'
  if (paths) ort.env.wasm.wasmPaths = paths
}

/** The build that can use the graphics device in this browser. */
export const gpuBuild = (): RuntimeBuild => ('Suspending' in WebAssembly ? 'jspi' : 'asyncify')

/** The module and binary of a build below `folder`, which ends with a slash. */
export function runtimePaths(
  folder: URL,
  build: RuntimeBuild,
): { readonly mjs: string; readonly wasm: string } {
  const stem = `ort-wasm-simd-threaded${build === 'plain' ? '' : `.${build}`}`
  return { mjs: new URL(`${stem}.mjs`, folder).href, wasm: new URL(`${stem}.wasm`, folder).href }
}
