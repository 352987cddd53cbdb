/** What a quick head on a model's encoder states learns from labels made by hand: part of the engine's contract. */
import type { CurvePoint } from '../domain/active/learning-curve'
import type { MadeLabel } from '../domain/active/learn'

export interface LearnRequest {
  /** A loaded model that can compare texts. */
  readonly model: string
  /** All texts that it is to answer. */
  readonly texts: readonly string[]
  /** How many labels there are. */
  readonly classes: number
  /** In the order in which they were made. */
  readonly made: readonly MadeLabel[]
  /** Not learnt from: accuracy is measured on them. */
  readonly heldOut: readonly MadeLabel[]
  /** Heads are trained on parts of the labels as well, in the order made and in random ones. */
  readonly withCurve: boolean
}

export interface Learned {
  /** [texts][classes] */
  readonly probabilities: readonly (readonly number[])[]
  /** Places of the texts that have no label, the one whose label would teach most first. */
  readonly order: readonly number[]
  /** The same, the one least like the labelled ones first. */
  readonly byDifference: readonly number[]
  /** Empty unless it was asked for and there are labels to measure on. */
  readonly curve: readonly CurvePoint[]
  /** Of the head itself, without the encoder. */
  readonly trainMs: number
}
