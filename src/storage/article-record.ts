/** Figures for the article's table, as they are stored under `compare/article`: they outlive the set-ups and texts they are of. */
import * as v from 'valibot'
import { ARTICLE_COLUMNS, type ArticleSet } from '../domain/evaluation/article'
import { KNOWN_DATASETS } from '../domain/known-dataset-ids'

export const ARTICLE_KEY = 'compare/article'

const interval = v.object({ low: v.number(), high: v.number() })

const cellSchema = v.object({
  model: v.string(),
  name: v.string(),
  column: v.picklist(ARTICLE_COLUMNS),
  variant: v.string(),
  runId: v.string(),
  n: v.number(),
  accuracy: v.number(),
  accuracyInterval: interval,
  macroF1: v.number(),
  macroF1Interval: v.optional(interval),
  weightsSha256: v.string(),
  numberFormat: v.string(),
  backend: v.string(),
  at: v.number(),
})

export const articleSchema = v.object({
  version: v.literal(1),
  sets: v.array(
    v.object({
      key: v.string(),
      name: v.string(),
      dataset: v.optional(v.picklist(KNOWN_DATASETS)),
      split: v.optional(v.string()),
      texts: v.number(),
      cells: v.array(cellSchema),
    }),
  ),
})
export type ArticleRecord = v.InferOutput<typeof articleSchema>

/** The sets of a record; what is not stored is undefined. */
export const articleSets = ({ sets }: ArticleRecord): readonly ArticleSet[] =>
  sets.map(({ dataset, split, cells, ...set }) => ({
    ...set,
    ...{ dataset, split },
    cells: cells.map(({ macroF1Interval, ...cell }) => ({ ...cell, macroF1Interval })),
  }))
