import type { GpuAdapter } from '../../src/engine/contract'

/** Drivers that compute on the processor what a graphics device would: right, but slower than WASM. */
const softwareNames = /swiftshader|llvmpipe|lavapipe|softpipe|basic render|warp/i

/** The adapter that WebGPU would run on, undefined where the browser has none. */
export async function findGpuAdapter(): Promise<GpuAdapter | undefined> {
  // Typed as always there, but missing outside secure contexts and in browsers without WebGPU.
  const gpu = (navigator as Partial<WorkerNavigator>).gpu
  const adapter = await gpu?.requestAdapter({ powerPreference: 'high-performance' }).catch(() => null)
  if (!adapter) return undefined
  const { vendor, architecture, device, description, isFallbackAdapter } = adapter.info
  const name = [vendor, architecture, device, description].filter((part) => part !== '').join(' ')
  return {
    name: name === '' ? 'unnamed' : name,
    isSoftware: isFallbackAdapter || softwareNames.test(name),
    hasHalfFloats: adapter.features.has('shader-f16'),
  }
}
