import * as ort from 'onnxruntime-web'

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
