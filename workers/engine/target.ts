import type { Backend, GpuAdapter, LoadRequest } from '../../src/engine/contract'
import type { Compile } from '../t5/t5-model'
import { EngineFailure } from './engine-failure'

/** The graphics device as the engine's surroundings offer it. */
export interface Gpu {
  find(): Promise<GpuAdapter | undefined>
  readonly compile: Compile
  /** Resolves with the reason, as a clause, when the device is lost. */
  readonly lost: Promise<string>
}

/** What a model's graphs are made for. */
export interface Target {
  readonly backend: Backend
  /** The name of the graphics device, on WebGPU. */
  readonly device?: string
  /** Graphs may hold 16-bit floats. */
  readonly hasHalfFloats: boolean
  readonly compile: Compile
}

/** The backend that a load asks for. @throws EngineFailure `backend-lost` where there is no graphics device */
export async function findTarget(
  { compile, gpu }: { readonly compile: Compile; readonly gpu?: Gpu },
  { backend = 'wasm' }: Pick<LoadRequest, 'backend'>,
): Promise<Target> {
  if (backend === 'wasm') return { backend, compile, hasHalfFloats: false }
  const adapter = await gpu?.find()
  if (!gpu || !adapter)
    throw new EngineFailure('backend-lost', 'This browser offers no graphics device for WebGPU.')
  const { name, hasHalfFloats } = adapter
  return { backend, device: name, compile: gpu.compile, hasHalfFloats }
}
