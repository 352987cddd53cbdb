/** Answers of other systems, as they are stored: under `compare/outside/<id>`, one record for each file. */
import * as v from 'valibot'
import type { OutsidePrediction } from '../domain/evaluation/outside/read-predictions'
import { labelsSchema } from './task-record'

export const OUTSIDE_BELOW = 'compare/outside/'

const predictionSchema = v.object({
  fileLine: v.number(),
  id: v.string(),
  text: v.string(),
  pair: v.string(),
  labelId: v.string(),
  probabilities: v.optional(v.array(v.number())),
})

export const outsideSchema = v.object({
  version: v.literal(1),
  name: v.string(),
  /** Milliseconds since 1970, by which they are ordered. */
  at: v.number(),
  /** The labels that its answers were read as. */
  labels: labelsSchema,
  idColumn: v.nullable(v.string()),
  predictions: v.array(predictionSchema),
  unknownLabels: v.array(v.object({ name: v.string(), count: v.number() })),
  areLabelsNumbered: v.boolean(),
  /** The first rows that could not be read, each as a sentence, and how many there are. */
  troubles: v.array(v.string()),
  unreadRows: v.number(),
})
export type OutsideRecord = v.InferOutput<typeof outsideSchema>

/** The predictions of a record. */
export const predictionsOf = ({ predictions }: OutsideRecord): readonly OutsidePrediction[] =>
  predictions.map((prediction) => ({ ...prediction, probabilities: prediction.probabilities }))
