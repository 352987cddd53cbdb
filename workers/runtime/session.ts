/** The runtime room: the only one that knows ONNX Runtime. Graphs and plain tensors go in, plain tensors come out. */
import * as ort from 'onnxruntime-web'
import { GraphBuilder, type BuiltGraph } from '../graph/graph-builder'
import type { Tensor } from '../graph/tensor'

export type Feeds = Readonly<Record<string, Tensor>>

/** Row-major float32 output with its dimensions. */
export interface FloatTensor {
  readonly dims: readonly number[]
  readonly data: Float32Array
}

/** A compiled graph. */
export interface Session {
  /** Runs the graph and copies the named outputs out; throws {@link RuntimeError} when ONNX Runtime fails. */
  run<Name extends string>(
    feeds: Feeds,
    outputs: readonly Name[],
  ): Promise<Readonly<Record<Name, FloatTensor>>>
  dispose(): Promise<void>
}

/** ONNX Runtime refused a graph or failed while running it. */
export class RuntimeError extends Error {
  readonly isOutOfMemory: boolean

  constructor(stage: 'compile' | 'run', cause: unknown) {
    const reason = cause instanceof Error ? cause.message : String(cause)
    super(`ONNX Runtime could not ${stage} the graph: ${reason}`, { cause })
    this.name = 'RuntimeError'
    this.isOutOfMemory = /out of memory|bad_alloc|failed to allocate|allocation failed/i.test(reason)
  }
}

/**
 * Compiles a graph for WASM, one at a time.
 *
 * [Note: One compilation at a time] ONNX Runtime keeps external data in one table for all sessions under construction, and
 * empties it after each. Two at once would read each other's weights, without an error.
 */
export function compileForWasm(graph: BuiltGraph): Promise<Session> {
  const compiled = lastCompilation.then(() => compile(graph))
  lastCompilation = compiled.catch(() => undefined)
  return compiled
}

let lastCompilation: Promise<unknown> = Promise.resolve()

async function compile(graph: BuiltGraph): Promise<Session> {
  const session = await ort.InferenceSession.create(graph.model, {
    executionProviders: ['wasm'],
    externalData: [...graph.weights],
    graphOptimizationLevel: 'all',
    logSeverityLevel: 3,
  }).catch((cause: unknown) => {
    throw new RuntimeError('compile', cause)
  })
  return { run: (feeds, outputs) => run(session, feeds, outputs), dispose: () => session.release() }
}

async function run<Name extends string>(
  session: ort.InferenceSession,
  feeds: Feeds,
  names: readonly Name[],
): Promise<Readonly<Record<Name, FloatTensor>>> {
  const tensors: Record<string, ort.Tensor> = {}
  for (const [name, tensor] of Object.entries(feeds))
    tensors[name] = new ort.Tensor(tensor.type, tensor.data, tensor.dims)
  const fetched = await session.run(tensors, names).catch((cause: unknown) => {
    throw new RuntimeError('run', cause)
  })
  const outputs: Partial<Record<Name, FloatTensor>> = {}
  for (const name of names) {
    const output = fetched[name]
    if (!(output?.data instanceof Float32Array)) throw new TypeError(`Output ${name} is not float32`)
    outputs[name] = { dims: output.dims, data: output.data }
  }
  return outputs as Record<Name, FloatTensor>
}

/**
 * Fetches ONNX Runtime and starts it while a model is still on its way; the first session would do so, one after the other.
 * What fails here fails again with that session, where somebody waits for it.
 */
export async function startRuntime(): Promise<void> {
  const graph = new GraphBuilder()
  graph.output('y', graph.input('x', 'float32', [1]), 'float32', [1])
  await compileForWasm(graph.build()).then(
    (session) => session.dispose(),
    () => undefined,
  )
}
