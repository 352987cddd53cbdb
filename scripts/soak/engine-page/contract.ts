/** The one agreement between the soak in Node and the engine's client in the browser. */
import type { Backend, GpuAdapter } from '../../../src/engine/contract'

/** Models that are loaded, asked and let go, over and over. */
export interface CycleRequest {
  readonly models: readonly string[]
  readonly backend: Backend
  readonly texts: readonly string[]
  readonly rounds: number
}

export interface EnginePage {
  /** The graphics device that WebGPU would run on. */
  findGpu(): Promise<GpuAdapter | undefined>
  /** Loads the models, asks each under its adapters and without, switching between them, and frees them, so many times. */
  cycle(request: CycleRequest): Promise<void>
}

declare global {
  var enginePage: EnginePage
}
