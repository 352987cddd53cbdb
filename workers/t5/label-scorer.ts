/** What the engine asks of a model, whichever way it came and whatever it is made of. */
import type { Adapter } from '../formats/adapter'
import type { ScoringPlan } from './scoring-plan'

/** Scores the labels of texts. */
export interface LabelScorer {
  /** Makes ready what a classification needs, so that the first one does not wait for it. */
  prepare(adapter?: Adapter): Promise<void>
  /**
   * Scores labels after each text: [batch][labels], log-probabilities up to a constant that the labels of a text share.
   * @param batch token ids of each text, end token included
   */
  classify(batch: readonly (readonly number[])[], plan: ScoringPlan, adapter?: Adapter): Promise<number[][]>
  dispose(): Promise<void>
}

/** Turns texts into states, by which texts can be compared. */
export interface StateEncoder {
  /** Of one state. */
  readonly width: number
  encode(batch: readonly (readonly number[])[]): Promise<EncodedBatch>
}

/** The encoder's answer for a batch. */
export interface EncodedBatch {
  /** Tokens of the longest text. */
  readonly length: number
  /** [batch, length, width] after the final norm; rows of padding are meaningless. */
  readonly states: Float32Array
}
