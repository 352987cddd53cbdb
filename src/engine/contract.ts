/** The one agreement between the page and the engine worker: texts, tasks and settings go in, labelled scores come out. */
import type { Asked } from '../domain/asked'
import type { FormatLoss, MeasuredLoss } from '../domain/format-loss'
import type { Outcome } from '../domain/outcome'
import type { Mode, Task } from '../domain/task'
import type { Learned, LearnRequest } from './learning'
import type {
  AdapterName,
  AddAdapterRequest,
  ExportBytes,
  ExportPiece,
  ExportRequest,
  PutAdapter,
} from './adapters'

export type EngineErrorCode =
  /** A model file breaks its format; the message names the file and the tensor or field. */
  | 'invalid-model'
  /** A model file could not be fetched. */
  | 'model-unavailable'
  /** The request asks for something the loaded model cannot do; the message says what. */
  | 'invalid-request'
  | 'cancelled'
  | 'out-of-memory'
  /** ONNX Runtime refused the graph or failed while running it. */
  | 'runtime'
  /** The worker died or did not answer in time; it has been restarted. */
  | 'worker-lost'
  /** The graphics device is missing, was lost or computes wrong numbers; the model can be loaded for WASM instead. */
  | 'backend-lost'
  /** The model cannot run on the backend that was asked for; it can on WASM. */
  | 'backend-unsuited'

export interface EngineError {
  readonly code: EngineErrorCode
  /** One or two sentences: what was wrong, where, and what to do. */
  readonly message: string
}

export type EngineOutcome<T> = Outcome<T, EngineError>

/** Names a running job, so that `cancel` can reach it. Chosen by the caller, unique per job. */
export type JobId = string

/** `int8` has 8-bit activations too; those named after their weights have 32-bit ones. */
export const NUMBER_FORMATS = ['int8', 'int8-weights', 'int4-weights', 'fp16-weights', 'fp32'] as const
export type NumberFormat = (typeof NUMBER_FORMATS)[number]
export type Backend = 'wasm' | 'webgpu'

/** A graphics device that WebGPU can run on. */
export interface GpuAdapter {
  /** Maker and kind as far as the browser tells them, e.g. `nvidia ampere`. */
  readonly name: string
  /** It is computed on the processor: never worth choosing. */
  readonly isSoftware: boolean
  /** It can compute with 16-bit floats. */
  readonly hasHalfFloats: boolean
}

/** What this browser offers. */
export interface Survey {
  /** Threads that ONNX Runtime will use; 1 when the page is not cross-origin isolated. */
  readonly threads: number
  readonly isCrossOriginIsolated: boolean
}

export interface LoadRequest {
  /** Folder name under `models/`, e.g. `smallcap-t5-nano`. */
  readonly model: string
  /** Left out, it is the one that suits the model's files and the backend. */
  readonly numberFormat?: NumberFormat
  /** Left out, it is WASM. A worker that has loaded for WASM first cannot load for WebGPU. */
  readonly backend?: Backend
  /** The device ran out of memory before: texts are run one at a time. */
  readonly isMemoryShort?: boolean
  /** Those that are to be on it besides its own: what is missing is added, others are taken away. Left out, all stay. */
  readonly adapters?: readonly PutAdapter[]
}

export type LoadProgress =
  | { readonly phase: 'downloading'; readonly receivedBytes: number; readonly totalBytes: number }
  | { readonly phase: 'verifying' }
  | { readonly phase: 'compiling' }
  | { readonly phase: 'warming up' }
  /** WebGPU only: the device's driver compiles the shaders while a first text runs. */
  | { readonly phase: 'compiling shaders' }
  /** WebGPU only: the probe texts run on both backends. */
  | { readonly phase: 'checking' }

/** How far a backend's probabilities are from those of fp32 on WASM with the same weights, over a model's probe texts. */
export interface BackendCheck {
  readonly texts: number
  /** Greatest |Δp|. */
  readonly maxDifference: number
}

/** What was loaded and what it can be asked. */
export interface ModelSummary {
  readonly model: string
  readonly parameters: number
  readonly numberFormat: NumberFormat
  /** What that costs, where it was measured. */
  readonly loss?: FormatLoss
  /** All number formats that its weights can be computed in, the most exact first; int8 on WASM only. */
  readonly numberFormats: readonly NumberFormat[]
  readonly backend: Backend
  /** The name of the graphics device, on WebGPU. */
  readonly device?: string
  /** Why it does not run on the backend that was asked for, as a sentence. */
  readonly fallback?: string
  /** On backends that are checked. */
  readonly check?: BackendCheck
  readonly threads: number
  readonly weightsBytes: number
  readonly loadMs: number
  /** The task the model was trained for: template, labels in display order, k-shot format. */
  readonly task: Task
  /** Modes that it can be asked in: T5 by prompts, a classifier only as it was trained. */
  readonly modes: readonly Mode['kind'][]
  /** Its labels are those of `task` and no others: a classifier's. */
  readonly areLabelsFixed: boolean
  /** Backends that it can run on. */
  readonly backends: readonly Backend[]
  /** Adapters that can be named in a fine-tuned mode. */
  readonly adapters: readonly string[]
  /** Adapters that were asked for with the load and could not be put on it: why, as a sentence, by name. */
  readonly refusedAdapters?: Readonly<Record<string, string>>
  /** Where it can be written in other layouts. */
  readonly exportBytes?: ExportBytes
  /** SHA-256 of the file of weights as `base` (of several, joined by `+`), and of each adapter's by its name. */
  readonly weightsSha256: Readonly<Record<string, string>>
  /** The rule by which it puts texts into batches. */
  readonly batching: string
}

export interface ClassifyRequest {
  readonly model: string
  readonly task: Task
  readonly mode: Mode
  readonly texts: readonly Asked[]
}

/** One text's answer. Arrays run in the order of `task.labels`. */
export interface ScoredText {
  /** Position in {@link ClassifyRequest.texts}. */
  readonly index: number
  /** Softmax of `scores` over the labels. */
  readonly probabilities: readonly number[]
  /** Log-probability of each label (of T5: of its words given the prompt), up to a constant shared by all labels of the text. */
  readonly scores: readonly number[]
  readonly inputTokens: number
  /** The text, or text and pair, did not fit: the end of the pair was left out, or all of it and the end of the text. */
  readonly isCut: boolean
  /** Most of the text is unknown to the model's vocabulary. */
  readonly isUnreadable: boolean
  /** Demonstrations that fitted into the prompt (0 outside k-shot). */
  readonly demonstrationsUsed: number
  /** This text's share of its batch's time. */
  readonly milliseconds: number
}

/** How the numbers of a run were made; goes with every result and export. */
export interface RunSummary {
  readonly model: string
  /** `base` or the adapter's name. */
  readonly weights: string
  readonly numberFormat: NumberFormat
  readonly backend: Backend
  /** The name of the graphics device, on WebGPU. */
  readonly device?: string
  /** Why it did not run on the backend that was asked for, as a sentence. */
  readonly fallback?: string
  /** What the number format costs these weights, where it was measured. */
  readonly loss?: MeasuredLoss
  readonly threads: number
  /** The rule by which texts were put into batches. */
  readonly batching: string
  readonly texts: number
  readonly elapsedMs: number
}

/** One text under one set-up. */
export interface TextRequest {
  readonly model: string
  readonly task: Task
  readonly mode: Mode
  readonly text: Asked
}

export interface PromptToken {
  readonly id: number
  /** The piece as the vocabulary writes it; an unknown piece keeps its own text. */
  readonly piece: string
  readonly isUnknown: boolean
}

/** The prompt exactly as the model gets it. */
export interface PromptView {
  readonly prompt: string
  readonly tokens: readonly PromptToken[]
  readonly isCut: boolean
  /** Of the text itself something was left out, and so all of a pair. */
  readonly isTextCut: boolean
  readonly demonstrationsUsed: number
  readonly demonstrationsAsked: number
  /** Decoder prefix the labels are scored after, e.g. the start token alone, or start and sentinel; none of a classifier. */
  readonly decoderPrefix: readonly PromptToken[]
  /** Tokens of each label's words, in the order of `task.labels`; none of a classifier, which reads no words. */
  readonly labelTokens: readonly (readonly PromptToken[])[]
}

/** How much the predicted label's probability drops when a word is left out. */
export interface WordEffect {
  readonly word: string
  /** UTF-16 offsets into the text or, for its words, into the pair. */
  readonly start: number
  readonly end: number
  /** Probability with the whole text minus probability without this word; negative when the word spoke against the label. */
  readonly drop: number
}

export interface Explanation {
  /** Index into `task.labels` of the predicted label. */
  readonly label: number
  readonly probability: number
  readonly words: readonly WordEffect[]
  /** Of the pair; none where there is no pair. */
  readonly pairWords: readonly WordEffect[]
}

/** The engine's verbs. Callbacks are awaited in order before the verb's own answer. */
export interface Engine {
  survey(): Promise<Survey>
  /** Looks for a graphics device; undefined where there is none for WebGPU. Loads nothing. */
  findGpu(): Promise<GpuAdapter | undefined>
  /** Bytes of ONNX Runtime's heap so far: it only ever grows, and holds nothing that lies on a graphics device. */
  heapBytes(): Promise<number>
  /** Resolves with the reason, as a clause, once the worker cannot go on: its graphics device was lost. */
  untilLost(): Promise<string>
  load(
    job: JobId,
    request: LoadRequest,
    onProgress: (progress: LoadProgress) => void | Promise<void>,
  ): Promise<EngineOutcome<ModelSummary>>
  /**
   * Hands over the first texts of a job that is to classify, so that no message of many texts holds the page up; those of
   * {@link ClassifyRequest.texts} come after them.
   */
  handOver(job: JobId, texts: readonly Asked[]): Promise<void>
  /** Streams results in input order; the model must have been loaded. */
  classify(
    job: JobId,
    request: ClassifyRequest,
    onResults: (results: readonly ScoredText[]) => void | Promise<void>,
  ): Promise<EngineOutcome<RunSummary>>
  inspect(job: JobId, request: TextRequest): Promise<EngineOutcome<PromptView>>
  explain(job: JobId, request: TextRequest): Promise<EngineOutcome<Explanation>>
  /** Fits a quick head on the model's states to labels made by hand, and answers all texts with it. */
  learn(job: JobId, request: LearnRequest): Promise<EngineOutcome<Learned>>
  /** Adds an adapter to a loaded model, checked against it; nothing is loaded anew. */
  addAdapter(job: JobId, request: AddAdapterRequest): Promise<EngineOutcome<ModelSummary>>
  /** Takes an adapter away from a loaded model; jobs that use it end with it. */
  removeAdapter(job: JobId, request: AdapterName): Promise<EngineOutcome<ModelSummary>>
  /** Writes a loaded model, or one of its adapters, as files that others read. */
  exportModel(
    job: JobId,
    request: ExportRequest,
    onPiece: (piece: ExportPiece) => void | Promise<void>,
  ): Promise<EngineOutcome<void>>
  /** Lets a model go, once no job uses it; loading it again takes as long as the first time. Unknown models are ignored. */
  free(model: string): Promise<void>
  /** Ends a running job at its next batch; the job answers with code `cancelled`. Unknown jobs are ignored. */
  cancel(job: JobId): Promise<void>
}
