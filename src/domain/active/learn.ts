import { margin } from '../margin'
import { rankByBoth, rankByDiversity } from './diversity'
import { learningCurve, type CurvePoint } from './learning-curve'
import { predictProba, trainHead } from './quick-head'

/** A label that was given: places of the text and of its label. */
export interface MadeLabel {
  readonly text: number
  readonly label: number
}

export interface Lesson {
  /** A row for each text. */
  readonly embeddings: readonly Float32Array[]
  readonly classes: number
  /** In the order in which they were made. */
  readonly made: readonly MadeLabel[]
  readonly heldOut: readonly MadeLabel[]
}

/** Orders that the order made is compared with. */
const SEEDS = [1, 2, 3, 4, 5]

/** The probabilities of a head that learnt from the labels made, and the other texts with the most telling first. */
export function learn({ embeddings, classes, made, heldOut }: Lesson): {
  readonly probabilities: readonly (readonly number[])[]
  readonly order: readonly number[]
  readonly byDifference: readonly number[]
} {
  const rowOf = ({ text }: MadeLabel): Float32Array => embeddings[text] ?? new Float32Array()
  const head = trainHead(
    made.map(rowOf),
    made.map(({ label }) => label),
    classes,
  )
  const probabilities = predictProba(head, embeddings)
  const done = new Set([...made, ...heldOut].map(({ text }) => text))
  const candidates = embeddings.flatMap((_, text) => (done.has(text) ? [] : [text]))
  const order = rankByBoth(candidates, embeddings, [...done], (text) => 1 - margin(probabilities[text] ?? []))
  const byDifference = rankByDiversity(candidates, embeddings, [...done])
  return { probabilities, order, byDifference }
}

/** Accuracy on the labels held out against labels made; yields as `learningCurve` does. */
export function curveOf({ embeddings, classes, made, heldOut }: Lesson): Generator<CurvePoint | undefined> {
  const rowsOf = (labels: readonly MadeLabel[]) =>
    labels.map(({ text, label }) => ({ embedding: embeddings[text] ?? new Float32Array(), label }))
  return learningCurve({ made: rowsOf(made), heldOut: rowsOf(heldOut), classes, seeds: SEEDS })
}
