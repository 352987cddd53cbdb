import * as ort from 'onnxruntime-web'
import type { BuiltGraph } from '../graph/graph-builder'
import { bytesOf, type Tensor } from '../graph/tensor'
import { inTurn } from './in-turn'
import { RuntimeError } from './runtime-error'
import { createSession, inputsOf, runSession, type Session, type ToFeed } from './session'

/** Is told the reason, as a clause. */
export type OnDeviceLost = (reason: string) => void

/** Flags of GPUBufferUsage (WebGPU, section 5.1.2), which the compiler's library does not have. */
const bufferUsage = { copyFrom: 0x4, copyTo: 0x8, storage: 0x80 } as const

let watched: GPUDevice | undefined
/** Sessions not yet let go of. With the last of them ONNX Runtime destroys the device, which is no loss. */
let living = 0

/**
 * Compiles a graph for the graphics device. No operator may run on the processor instead: that would be slow without a
 * word, so such a graph is refused.
 * @param onLost called once per device when it is lost; sessions on it cannot be used any more.
 */
export async function compileForWebGpu(graph: BuiltGraph, onLost: OnDeviceLost): Promise<Session> {
  const session = await createSession(graph, {
    executionProviders: ['webgpu'],
    extra: { session: { disable_cpu_ep_fallback: '1' } },
  })
  living += 1
  const device = await ort.env.webgpu.device
  watch(device, onLost)
  const held = new Map<Tensor, { readonly buffer: GPUBuffer; readonly tensor: ort.Tensor }>()
  const toFeed: ToFeed = (tensor) =>
    held.get(tensor)?.tensor ?? new ort.Tensor(tensor.type, tensor.data, tensor.dims)
  return {
    inputs: inputsOf(session),
    run: (feeds, outputs) =>
      runSession(session, feeds, outputs, toFeed).catch(async (error: unknown) => {
        // What fails first tells of a buffer; the device's own notice comes a moment later.
        const lost = await Promise.race([device.lost.then(lossOf), pause(graceMs)])
        throw lost === undefined ? error : new RuntimeError('run', error, lost)
      }),
    hold(feeds) {
      for (const tensor of Object.values(feeds))
        if (!held.has(tensor)) held.set(tensor, onDevice(device, tensor))
    },
    async dispose() {
      living -= 1
      await inTurn(() => session.release())
      for (const { buffer } of held.values()) buffer.destroy()
    },
  }
}

function watch(device: GPUDevice, onLost: OnDeviceLost): void {
  if (device === watched) return
  watched = device
  void device.lost.then((info) => {
    if (living > 0) onLost(lossOf(info))
  })
}

/** How long a device that made a run fail may take to say that it was lost. */
const graceMs = 200
const pause = (ms: number): Promise<undefined> =>
  new Promise((resolve) => setTimeout(() => resolve(undefined), ms))

function lossOf({ message }: GPUDeviceLostInfo): string {
  const told = message.trim().replace(/\.$/, '')
  return `the graphics device was lost${told === '' ? '' : ` (${told})`}`
}

/** A copy of a tensor in the device's memory. */
function onDevice(device: GPUDevice, { type, data, dims }: Tensor) {
  if (type !== 'float32') throw new TypeError('Only float32 tensors are held on a device')
  const buffer = device.createBuffer({
    // Sizes of mapped buffers are multiples of four bytes, and so are those of floats.
    size: Math.max(data.byteLength, 4),
    usage: bufferUsage.storage | bufferUsage.copyFrom | bufferUsage.copyTo,
    mappedAtCreation: true,
  })
  new Uint8Array(buffer.getMappedRange()).set(bytesOf(data))
  buffer.unmap()
  return { buffer, tensor: ort.Tensor.fromGpuBuffer(buffer, { dataType: type, dims }) }
}
