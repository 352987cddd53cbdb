/** Where on the site ONNX Runtime's own files lie, put in place by the build; ends with a slash. */
declare const __RUNTIME_FOLDER__: string

/**
 * The three builds of ONNX Runtime's binary. `plain` has the processor's kernels alone and is the smallest; the others add
 * WebGPU and differ in how WASM waits for it: by the browser (JSPI, WebAssembly JavaScript promise integration), or by code
 * that unwinds its stack itself (asyncify), which is larger and slower.
 */
export type RuntimeBuild = 'plain' | 'jspi' | 'asyncify'

/** The build that can use the graphics device in this browser. */
export const gpuBuild = (): RuntimeBuild => ('Suspending' in WebAssembly ? 'jspi' : 'asyncify')

/** The module and binary of a build on the site at `site`, which ends with a slash. */
export function runtimePaths(
  site: URL,
  build: RuntimeBuild,
): { readonly mjs: string; readonly wasm: string } {
  const stem = `ort-wasm-simd-threaded${build === 'plain' ? '' : `.${build}`}`
  const folder = new URL(__RUNTIME_FOLDER__, site)
  return { mjs: new URL(`${stem}.mjs`, folder).href, wasm: new URL(`${stem}.wasm`, folder).href }
}
