/** Memories that were made for WebAssembly in this thread since {@link watchHeap}: ONNX Runtime makes one as it starts. */
const memories: WebAssembly.Memory[] = []

/**
 * Notes the memory of ONNX Runtime; to be called before it starts. Its module makes that memory itself and shows it to nobody:
 * what `run` hands out are copies.
 */
export function watchHeap(): void {
  const { Memory } = WebAssembly
  WebAssembly.Memory = class extends Memory {
    constructor(descriptor: WebAssembly.MemoryDescriptor) {
      super(descriptor)
      memories.push(this)
    }
  }
}

/** Bytes of ONNX Runtime's heap, which only ever grows; 0 before it was started. */
export const heapBytes = (): number => memories.reduce((sum, { buffer }) => sum + buffer.byteLength, 0)
