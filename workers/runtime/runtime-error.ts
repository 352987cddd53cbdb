/** ONNX Runtime refused a graph or failed while running it. */
export class RuntimeError extends Error {
  readonly isOutOfMemory: boolean

  /** @param lost why the graphics device was lost, as a clause, where that is what was behind it */
  constructor(
    stage: 'compile' | 'run',
    cause: unknown,
    readonly lost?: string,
  ) {
    const reason = cause instanceof Error ? cause.message : String(cause)
    super(`ONNX Runtime could not ${stage} the graph: ${reason}`, { cause })
    this.name = 'RuntimeError'
    this.isOutOfMemory = /out of memory|bad_alloc|failed to allocate|allocation failed/i.test(reason)
  }
}
