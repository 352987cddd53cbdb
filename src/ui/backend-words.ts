import type { Backend } from '../engine/contract'
import type { TermName } from './terms'

/** Backends by the names of their terms. */
export const BACKEND_TERMS = { wasm: 'WASM', webgpu: 'WebGPU' } as const satisfies Record<Backend, TermName>
