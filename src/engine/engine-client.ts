/** The page's view of the engine worker: the contract's verbs with `AbortSignal`s instead of job ids, and crash notices. */
import type { AdapterName, AddAdapterRequest, ExportPiece, ExportRequest } from './adapters'
import type {
  ClassifyRequest,
  EngineOutcome,
  Explanation,
  GpuAdapter,
  LoadProgress,
  LoadRequest,
  ModelSummary,
  PromptView,
  RunSummary,
  ScoredText,
  Survey,
  TextRequest,
} from './contract'

import type { Learned, LearnRequest } from './learning'

export interface LoadOptions {
  /** Tries a backend again that was given up in this visit. */
  readonly isRetry?: boolean
  readonly signal?: AbortSignal
  readonly onProgress?: (progress: LoadProgress) => void
}

export interface ClassifyOptions {
  readonly signal?: AbortSignal
  /** An aborted job may take as long as it needs to end: its worker, on which others wait too, is not ended for it. */
  readonly isPatient?: boolean
  /** Called in input order with results not handed over before. */
  readonly onResults?: (results: readonly ScoredText[]) => void
}

export interface ExplainOptions {
  readonly signal?: AbortSignal
}

export interface ExportOptions {
  readonly signal?: AbortSignal
  /** Called with one piece after another, file by file. */
  readonly onPiece: (piece: ExportPiece) => void
}

/**
 * Every verb resolves to an outcome; none rejects for an expected failure. An aborted signal answers with code
 * `cancelled`, a dead worker with `worker-lost`.
 */
export interface EngineClient {
  survey(): Promise<EngineOutcome<Survey>>
  /** Looks for a graphics device; undefined where there is none for WebGPU. */
  findGpu(): Promise<EngineOutcome<GpuAdapter | undefined>>
  load(request: LoadRequest, options?: LoadOptions): Promise<EngineOutcome<ModelSummary>>
  classify(request: ClassifyRequest, options?: ClassifyOptions): Promise<EngineOutcome<RunSummary>>
  inspect(request: TextRequest): Promise<EngineOutcome<PromptView>>
  explain(request: TextRequest, options?: ExplainOptions): Promise<EngineOutcome<Explanation>>
  learn(request: LearnRequest, options?: ExplainOptions): Promise<EngineOutcome<Learned>>
  /** Adds an adapter to a loaded model; the summary that comes back names it. */
  addAdapter(request: AddAdapterRequest): Promise<EngineOutcome<ModelSummary>>
  removeAdapter(request: AdapterName): Promise<EngineOutcome<ModelSummary>>
  exportModel(request: ExportRequest, options: ExportOptions): Promise<EngineOutcome<void>>
  /** Lets a model go; it must be loaded again before it is used. With the last one the memory that they took comes back. */
  free(model: string): Promise<void>
  /** Calls `listener` with a sentence whenever the worker died; it is restarted by then, its models must be loaded again. */
  onLost(listener: (reason: string) => void): () => void
  /** Ends the worker and starts a new one; running jobs answer `worker-lost`. */
  restart(): Promise<void>
}
