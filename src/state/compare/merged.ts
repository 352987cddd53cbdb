import type { ComparisonRecord, SetupRecord } from '../../storage/compare-record'

const isSame = (one: SetupRecord, other: SetupRecord): boolean =>
  JSON.stringify(one) === JSON.stringify(other)

/**
 * What two tabs made of one comparison: `other` and `own` both came from `base`. Set-ups that either added are there, those that
 * either removed are not; of one that both changed, and of the source, `own` counts.
 */
export function mergedComparison(
  base: ComparisonRecord,
  other: ComparisonRecord,
  own: ComparisonRecord,
): ComparisonRecord {
  const find = ({ setups }: ComparisonRecord, id: string) => setups.find((setup) => setup.id === id)
  const kept = own.setups.flatMap((setup) => {
    const before = find(base, setup.id)
    if (!before) return [setup]
    const now = find(other, setup.id)
    if (!now) return []
    // The very same object where nothing changed.
    return [isSame(before, setup) && !isSame(now, setup) ? now : setup]
  })
  const added = other.setups.filter(({ id }) => !find(base, id) && !find(own, id))
  const source = own.source === base.source ? other.source : own.source
  return { version: 1, source, setups: [...kept, ...added] }
}
