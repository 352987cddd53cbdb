/** Set-ups may name the same classes differently; figures need one list of labels for all. */
import { findLabel } from '../find-label'
import type { Label, LabelSet } from '../label'

/** The label of `labels` that `label` is, by any of its names. */
const sameLabel = (labels: LabelSet, { id, words, aliases }: Label): Label | undefined =>
  [id, words, ...aliases].map((name) => findLabel(labels, name)).find((found) => found !== undefined)

/** The first set, followed by those labels of the others that are none of its by any name. */
export function commonLabels(sets: readonly LabelSet[]): LabelSet {
  const [first = [], ...others] = sets
  const common = [...first]
  for (const label of others.flat()) if (!sameLabel(common, label)) common.push(label)
  return common
}

/** Places among the common labels of a set's own ones, in its order; -1 for a label that is none of them. */
export const placesAmong = (common: LabelSet, labels: LabelSet): readonly number[] =>
  labels.map((label) => {
    const found = sameLabel(common, label)
    return found ? common.indexOf(found) : -1
  })
