/** The one agreement between the benchmark in Node and its worker in the browser. */
import type { Backend, BackendCheck, GpuAdapter, NumberFormat } from '../../src/engine/contract'
import type { Mode } from '../../src/domain/task'

/** Who answers: our engine, a limit it is measured against, or transformers.js in one of two ways. */
export type Contestant =
  /** The engine's `classify`, as the page uses it. */
  | { readonly kind: 'ours'; readonly mode: Mode }
  /** One encoder pass per text on tokens made beforehand: what no classification can be faster than. */
  | { readonly kind: 'encoder' }
  /** Encoder and label decoder, one text at a time, on tokens made beforehand: ours without all that is around the graph. */
  | { readonly kind: 'graph' }
  /** Encoder and label decoder on as many tokens, in batches of 16 texts of exactly equal length, made beforehand. */
  | { readonly kind: 'equal-lengths' }
  /** transformers.js' text2text-generation pipeline: label token and end token. */
  | { readonly kind: 'pipeline'; readonly batch: number }
  /** transformers.js' tokenizer and model called once, the labels' logits read off. */
  | { readonly kind: 'forward'; readonly batch: number }

/** What is read into the worker for some contestants. */
export type Part = 'ours' | 'limits' | 'peer'

export interface LoadRequest {
  readonly parts: readonly Part[]
  /** Folder below `models/`, and below `peer/` for transformers.js. */
  readonly model: string
  readonly numberFormat: NumberFormat
  /** WASM where it is left out; the others than ours have no other. */
  readonly backend?: Backend
  /** For all contestants; 0 takes as many as the page would. */
  readonly threads: number
}

export interface Loaded {
  readonly threads: number
  /** In the order of {@link LoadRequest.parts}. */
  readonly loadMs: readonly number[]
  /** Bytes of our weights in their file; 0 where ours was not loaded. */
  readonly weightsBytes: number
  readonly adapters: readonly string[]
  /** What ours found on WebGPU. */
  readonly check?: BackendCheck
}

export interface Timing {
  readonly elapsedMs: number
  /** Tokens of the texts without padding, where the contestant counts them. */
  readonly tokens: number
}

/** What a contestant says of a text. */
export interface Answer {
  /** Position of the label in the task's order, -1 where the answer is no label. */
  readonly label: number
  /** Per label; empty where the contestant gives none. */
  readonly scores: readonly number[]
}

/** The worker's verbs; called in its global scope. */
export interface BenchWorker {
  load(request: LoadRequest): Promise<Loaded>
  /** Milliseconds of each text alone, [contestant][text]; the contestants take turns at every text. */
  timeEach(contestants: readonly Contestant[], texts: readonly string[]): Promise<number[][]>
  /** The graphics device that WebGPU would run on. */
  findGpu(): Promise<GpuAdapter | undefined>
  timeAll(contestant: Contestant, texts: readonly string[]): Promise<Timing>
  answers(contestant: Contestant, texts: readonly string[]): Promise<Answer[]>
}

declare global {
  var bench: BenchWorker
}
