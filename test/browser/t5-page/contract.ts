/** What tests in Node ask of models in the worker; everything crosses as plain numbers. */
import type { AdapterRoad } from '../../../workers/t5/t5-model'

export interface ModelRequest {
  /** Address of the folder, with a slash at its end. */
  readonly folder: string
  /** File of the weights in it. */
  readonly weights: string
  /** Folder of an adapter in it. */
  readonly adapter?: string
  readonly road: AdapterRoad
  readonly backend: 'wasm' | 'webgpu'
  /** Weights as they are stored, with 32-bit activations, or made fp32 first. */
  readonly format: 'weight-only' | 'fp32'
}

export interface Texts {
  readonly batch: readonly (readonly number[])[]
  readonly isAdapted: boolean
}

export interface LabelsOfTexts extends Texts {
  readonly prefix: readonly number[]
  readonly labels: readonly (readonly number[])[]
}

/** The worker's verbs, over the model that was opened last. */
export interface T5Worker {
  open(request: ModelRequest): Promise<void>
  /** [tokens, dModel] of the one text. */
  states(texts: Texts): Promise<number[]>
  /** [texts][labels], by the classifier where it can. */
  classify(texts: LabelsOfTexts): Promise<number[][]>
  /** [texts][labels] log-probabilities, by the decoder and the head over the whole vocabulary. */
  logProbabilities(texts: LabelsOfTexts): Promise<number[][]>
  close(): Promise<void>
}

declare global {
  var t5: T5Worker
}
