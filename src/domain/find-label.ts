import type { Label, LabelSet } from './label'

const fold = (name: string): string => name.trim().replace(/\s+/g, ' ').toLowerCase()

/** The label that a dataset or a demonstration calls `name`: its id first, then its words, then an alias; letter case and spaces do not matter. */
export function findLabel(labels: LabelSet, name: string): Label | undefined {
  const wanted = fold(name)
  return (
    labels.find((label) => label.id === name) ??
    labels.find((label) => fold(label.id) === wanted) ??
    labels.find((label) => fold(label.words) === wanted) ??
    labels.find((label) => label.aliases.some((alias) => fold(alias) === wanted))
  )
}
