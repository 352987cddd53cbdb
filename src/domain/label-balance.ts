/** Tells from the balance of the classes that a file's labels probably mean something else. */
import type { KnownDataset } from './known-datasets'
import { labelIdOf } from './label-rule'

/** Fewer labelled rows than this say nothing about a balance. */
const MIN_ROWS = 30

export interface ExchangedLabels {
  /** Two names of the file's labels that may have been exchanged. */
  readonly names: readonly [string, string]
  /** Task label that most rows have under the rule, and the one that most published rows have. */
  readonly majorityId: string
  readonly publishedMajorityId: string
  readonly message: string
}

/** Rows per label id under the rule of a dataset; rows without a label are not counted. */
export function countLabels(
  cells: readonly string[],
  rule: KnownDataset['labelRule'],
): ReadonlyMap<string, number> {
  const counts = new Map<string, number>()
  for (const cell of cells) {
    const id = labelIdOf(rule, cell)
    if (id !== undefined) counts.set(id, (counts.get(id) ?? 0) + 1)
  }
  return counts
}

/** A warning when another class than the published set's is the largest under the dataset's rule, else undefined. */
export function findExchangedLabels(
  dataset: KnownDataset,
  counts: ReadonlyMap<string, number>,
): ExchangedLabels | undefined {
  const { labelRule: rule, majorityId: published, name } = dataset
  const total = [...counts.values()].reduce((sum, count) => sum + count, 0)
  if (published === undefined || rule.kind !== 'names' || total < MIN_ROWS) return undefined
  const [largest] = [...counts].sort((a, b) => b[1] - a[1])
  if (!largest || largest[0] === published) return undefined
  const nameOf = (id: string) => Object.keys(rule.labelIds).find((each) => rule.labelIds[each] === id) ?? id
  const names = [nameOf(largest[0]), nameOf(published)].sort() as [string, string]
  const share = Math.round((100 * largest[1]) / total)
  return {
    names,
    majorityId: largest[0],
    publishedMajorityId: published,
    message: `Labels ${names[0]} and ${names[1]} may be exchanged in this copy of ${name}: ${share} % of its rows are ${largest[0]} under this map, while most of the published rows are ${published}. Read a few rows and change the map if it is so.`,
  }
}
