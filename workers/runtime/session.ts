/** The runtime room: the only one that knows ONNX Runtime. Graphs and plain tensors go in, plain tensors come out. */
import * as ort from 'onnxruntime-web'
import { decodeF16 } from '../formats/half'
import { GraphBuilder, type BuiltGraph } from '../graph/graph-builder'
import type { Tensor } from '../graph/tensor'
import { inTurn } from './in-turn'
import { RuntimeError } from './runtime-error'

export type Feeds = Readonly<Record<string, Tensor>>

/** An input that the graph expects. */
export interface SessionInput {
  readonly name: string
  /** As ONNX Runtime calls it, e.g. `float16`. */
  readonly type: string
}

/** Row-major float32 output with its dimensions. */
export interface FloatTensor {
  readonly dims: readonly number[]
  readonly data: Float32Array
}

/** A compiled graph. */
export interface Session {
  readonly inputs: readonly SessionInput[]
  /** Runs the graph and copies the named outputs out; throws {@link RuntimeError} when ONNX Runtime fails. */
  run<Name extends string>(
    feeds: Feeds,
    outputs: readonly Name[],
  ): Promise<Readonly<Record<Name, FloatTensor>>>
  /** These very tensors will be fed again and again: where the device has a memory of its own they are kept in it. */
  hold(feeds: Feeds): void
  dispose(): Promise<void>
}

/** A tensor as ONNX Runtime takes it. */
export type ToFeed = (tensor: Tensor) => ort.Tensor

/** Compiles a graph for WASM. */
export const compileForWasm = async (graph: BuiltGraph): Promise<Session> => {
  const session = await createSession(graph, { executionProviders: ['wasm'] })
  return {
    inputs: inputsOf(session),
    run: (feeds, outputs) => runSession(session, feeds, outputs, copied),
    hold: () => undefined,
    dispose: () => inTurn(() => session.release()),
  }
}

export const inputsOf = (session: ort.InferenceSession): readonly SessionInput[] =>
  session.inputMetadata.map((input) => ({
    name: input.name,
    type: input.isTensor ? input.type : 'no tensor',
  }))

const copied: ToFeed = ({ type, data, dims }) => new ort.Tensor(type, data, dims)

/** Compiles a graph in its turn, see [Note: One call at a time]. @throws RuntimeError */
export const createSession = (
  graph: BuiltGraph,
  options: ort.InferenceSession.SessionOptions,
): Promise<ort.InferenceSession> =>
  inTurn(() =>
    ort.InferenceSession.create(graph.model, {
      ...options,
      externalData: [...graph.weights],
      graphOptimizationLevel: 'all',
      logSeverityLevel: 3,
    }).catch((cause: unknown) => {
      throw new RuntimeError('compile', cause)
    }),
  )

/** Runs a session in its turn. @throws RuntimeError */
export async function runSession<Name extends string>(
  session: ort.InferenceSession,
  feeds: Feeds,
  names: readonly Name[],
  toFeed: ToFeed,
): Promise<Readonly<Record<Name, FloatTensor>>> {
  const tensors: Record<string, ort.Tensor> = {}
  for (const [name, tensor] of Object.entries(feeds)) tensors[name] = toFeed(tensor)
  const fetched = await inTurn(() =>
    session.run(tensors, names).catch((cause: unknown) => {
      throw new RuntimeError('run', cause)
    }),
  )
  const outputs: Partial<Record<Name, FloatTensor>> = {}
  for (const name of names) {
    const output = fetched[name]
    if (!output) throw new RuntimeError('run', `it has no output ${name}`)
    outputs[name] = { dims: output.dims, data: floatsOf(name, output) }
  }
  return outputs as Record<Name, FloatTensor>
}

function floatsOf(name: string, { type, data }: ort.Tensor): Float32Array {
  if (data instanceof Float32Array) return data
  // Half floats come as an array type that few browsers have, or as their bits; either has the same bytes.
  if (type === 'float16' && ArrayBuffer.isView(data))
    return decodeF16(new Uint8Array(data.buffer, data.byteOffset, data.byteLength))
  throw new RuntimeError('run', `its output ${name} is ${type}, not floats`)
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
