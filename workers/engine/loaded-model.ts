import type { Adapter } from '../formats/adapter'
import type { ModelWeights } from '../formats/model-weights'
import type { T5Config } from '../formats/t5-config'
import type { LabelScorer, StateEncoder } from '../t5/label-scorer'
import type { PromiseCache } from '../t5/promise-cache'
import type { T5Model } from '../t5/t5-model'
import type { TextTokenizer } from '../t5/tokenizer'
import type { Task } from '../../src/domain/task'
import type { BackendCheck, ModelSummary, NumberFormat } from '../../src/engine/contract'
import type { AdapterOrigin } from '../../src/engine/adapters'
import type { BatchingRule } from './batches'
import type { JobContext } from './jobs'
import type { Scoring } from './scoring'

/** What every way of reading a model gives. */
export interface ReadModel {
  readonly scorer: LabelScorer
  /** Missing where texts cannot be compared by the model, and so no demonstrations be chosen. */
  readonly states?: StateEncoder
  readonly tokenizer: TextTokenizer
  /** How the labels of a task are read off. @throws EngineFailure `invalid-request` for labels that it cannot give */
  readonly readLabels: (task: Task) => Scoring
  readonly summary: Pick<
    ModelSummary,
    | 'parameters'
    | 'numberFormat'
    | 'numberFormats'
    | 'loss'
    | 'weightsBytes'
    | 'weightsSha256'
    | 'task'
    | 'modes'
    | 'areLabelsFixed'
    | 'backends'
  >
  readonly adapters: readonly Adapter[]
  /** Where texts may not share a run as they do elsewhere. */
  readonly batching?: BatchingRule
  /** The same weights as fp32 on WASM, and the texts to compare them on; where there is a backend to check. */
  readonly reference?: {
    readonly texts: readonly string[]
    /** To be let go by whoever makes it. @param adapter the one that it is to run with */
    readonly make: (adapter: Adapter | undefined) => LabelScorer
  }
  /** Where adapters can be added, and the model be written in other layouts: T5 from safetensors. */
  readonly t5?: T5Parts
}

/** T5 from safetensors. */
export interface T5Parts {
  readonly config: T5Config
  /** As they are computed with; fp32 or as stored. */
  readonly weights: ModelWeights
  readonly model: T5Model
  /** The files beside the weights that belong to the model in any layout: configuration, tokenizer, task. */
  readonly texts: readonly { readonly path: string; readonly bytes: Uint8Array }[]
}

/** A model ready to run. */
export interface LoadedModel extends Pick<
  ReadModel,
  'scorer' | 'states' | 'tokenizer' | 'readLabels' | 't5'
> {
  readonly adapters: ReadonlyMap<string, Adapter>
  /** Where those adapters are from that did not come with it. */
  readonly put: ReadonlyMap<string, AdapterOrigin>
  readonly summary: ModelSummary
  /** The number format that it was asked for in, which its files may not have had. */
  readonly wanted: NumberFormat | undefined
  /** How its texts are put into batches. */
  readonly batchingRule: BatchingRule
  /**
   * To be awaited before a text is scored: where the backend is one to be checked, its first use with each adapter is.
   * @throws EngineFailure `backend-lost` when it computes wrong numbers
   */
  readonly check: (adapter: Adapter | undefined, context: JobContext) => Promise<BackendCheck | undefined>
  /** By template and labels, see scoringOf. */
  readonly scorings: Map<string, Scoring>
  /** Vectors [width] of demonstration pools, by the pool's texts: every run and every opened row asks for the same. */
  readonly poolVectors: PromiseCache<string, readonly Float32Array[]>
  /** Vectors [width] of texts that are labelled by hand. */
  readonly textVectors: Map<string, Float32Array>
}
