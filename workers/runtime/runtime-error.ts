/** ONNX Runtime refused a graph or failed while running it. */
export class RuntimeError extends Error {
  readonly isOutOfMemory: boolean

  /** @param lost why the graphics device was lost, as a clause, where that is what was behind it */
  constructor(
    stage: 'compile' | 'run',
    cause: unknown,
    readonly lost?: string,
  ) {
    const told = cause instanceof Error ? cause.message : String(cause)
    super(`ONNX Runtime could not ${stage} the graph: ${asClause(told)}`, { cause })
    this.name = 'RuntimeError'
    this.isOutOfMemory =
      /out ?of ?memory|bad_alloc|failed to (?:allocate|create GPU buffer)|allocation failed/i.test(told)
  }
}

/** Longest clause that is passed on. */
const maxLength = 160

/** `[ONNXRuntimeError] : 1 : FAIL : ` */
const statusCode = /^\[ONNXRuntimeError\] : \d+ : \w+ : /
/** `/build/onnxruntime/core/graph.cc:12`, or with backslashes. */
const sourcePlace = /\S*[\\/]\S+\.(?:cc|cpp|h|hpp)(?::\d+)?:?\s*/g
/** `virtual common::Status onnxruntime::Graph::Resolve(const Options&) const`, as far as the first bracket that closes. */
const signature = /^[\w:<>&*,~ ]+\([^()]*\)(?: const)?\s*/
/** `status.IsOK() was false.` */
const failedCheck = /^.*? was false\.?\s*/

/** What ONNX Runtime says in one clause: the innermost of its messages, without where in its source it arose. */
export function asClause(told: string): string {
  const innermost = told.split(/ERROR_MESSAGE:|Status Message:/).at(-1) ?? ''
  const [line = ''] = innermost.replace(sourcePlace, '').trim().replace(statusCode, '').split('\n')
  const clause = line.replace(signature, '').replace(failedCheck, '').trim().replace(/\.$/, '')
  // Some exceptions of its code arrive as the number of their place in memory.
  if (clause === '' || /^\d+$/.test(clause)) return 'it gave no reason'
  return clause.length > maxLength ? `${clause.slice(0, maxLength)}…` : clause
}
