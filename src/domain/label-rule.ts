/** How the gold labels of a file become the task's. */
import { findLabel } from './find-label'
import type { LabelSet } from './label'

/** What a file calls the labels, by its own names, and the task's ids for them. */
export type LabelMap = Readonly<Record<string, string>>

export type LabelRule =
  | { readonly kind: 'names'; readonly labelIds: LabelMap }
  /** A list of entities with a label each, as SEntFiN writes them; a text whose entities disagree has no label. */
  | { readonly kind: 'entities'; readonly labelIds: LabelMap }
  /** A number: less than `negativeBelow` is `lowId`, `positiveFrom` and more is `highId`, between them `middleId`. */
  | {
      readonly kind: 'score'
      readonly negativeBelow: number
      readonly positiveFrom: number
      readonly lowId: string
      readonly middleId: string
      readonly highId: string
    }

/** A file's label as it is looked up: `1.0`, which tables with gaps make of 1, is 1. */
export const foldLabel = (value: string): string => value.trim().replace(/^(-?\d+)\.0+$/, '$1')

const ENTITY_LABEL = /(['"]):\s*(['"])([^'"]*)\2/g

/** The label of each entity in a cell such as `{'SpiceJet': 'neutral', "Moody's": 'negative'}`. */
function entityLabels(cell: string): readonly string[] {
  return [...cell.matchAll(ENTITY_LABEL)].map((match) => match[3] ?? '')
}

/** The file's own names of the label in a cell: one for plain labels, one per entity, none for scores. */
export function labelNames(rule: LabelRule, cell: string): readonly string[] {
  if (rule.kind === 'names') return [foldLabel(cell)]
  return rule.kind === 'entities' ? entityLabels(cell).map(foldLabel) : []
}

/** The task's label id for a cell of the label column, or undefined where the rule has none. */
export function labelIdOf(rule: LabelRule, cell: string): string | undefined {
  if (rule.kind !== 'score') {
    const [first, ...others] = new Set(labelNames(rule, cell))
    if (first === undefined || others.length > 0 || !Object.hasOwn(rule.labelIds, first)) return undefined
    return rule.labelIds[first]
  }
  const score = cell.trim() === '' ? Number.NaN : Number(cell)
  if (Number.isNaN(score)) return undefined
  if (score < rule.negativeBelow) return rule.lowId
  return score >= rule.positiveFrom ? rule.highId : rule.middleId
}

/**
 * A rule for labels that are names the task knows or, failing that, whole numbers from 0 in the order of its labels;
 * undefined where neither fits. The second is a guess that a person should look at.
 */
export function guessLabelRule(cells: readonly string[], labels: LabelSet): LabelRule | undefined {
  const names = [...new Set(cells.map(foldLabel))].filter((name) => name !== '')
  const known = names.flatMap((name) => {
    const label = findLabel(labels, name)
    return label ? [[name, label.id] as const] : []
  })
  if (known.length > 0) return { kind: 'names', labelIds: Object.fromEntries(known) }
  const isNumbered =
    names.length > 0 && names.every((name) => /^\d+$/.test(name) && Number(name) < labels.length)
  if (!isNumbered) return undefined
  return { kind: 'names', labelIds: Object.fromEntries(labels.map(({ id }, index) => [String(index), id])) }
}
