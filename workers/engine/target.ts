import type { Backend, GpuAdapter, LoadRequest } from '../../src/engine/contract'
import { asStored, onWebGpu, weightOnly, type Kernels } from '../t5/kernels'
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
  readonly compile: Compile
  readonly kernels: Kernels
}

/**
 * The backend and number format that a load asks for.
 * @throws EngineFailure `backend-lost` where there is no graphics device, `invalid-request` for a format it cannot compute in
 */
export async function findTarget(
  { compile, gpu }: { readonly compile: Compile; readonly gpu?: Gpu },
  { backend = 'wasm', numberFormat }: LoadRequest,
): Promise<Target> {
  const kernels = numberFormat === 'int8-weights' ? weightOnly : asStored
  if (backend === 'wasm') return { backend, compile, kernels }
  if (numberFormat === 'int8')
    throw new EngineFailure(
      'invalid-request',
      'WebGPU has no int8 activations; ask for int8-weights or fp32.',
    )
  const adapter = await gpu?.find()
  if (!gpu || !adapter)
    throw new EngineFailure('backend-lost', 'This browser offers no graphics device for WebGPU.')
  return { backend, device: adapter.name, compile: gpu.compile, kernels: onWebGpu(kernels) }
}
