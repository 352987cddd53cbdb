import type { LabelSet } from '../../domain/label'
import type { Item } from '../../domain/labelling/annotation'
import type { LabelJournal } from './label-journal.svelte'

/** Labels that came with a file are those of an annotator of their own. */
const GOLD = 'gold'

/** Records the gold labels of new items, one change for each label. */
export async function addGold(
  items: readonly Item[],
  readLabels: () => Promise<LabelSet>,
  log: LabelJournal,
): Promise<void> {
  if (items.every(({ goldId }) => goldId === undefined)) return
  for (const { id: labelId } of await readLabels()) {
    const itemIds = items.filter(({ goldId }) => goldId === labelId).map(({ id }) => id)
    const change = { kind: 'label', labelId, source: 'imported' } as const
    if (itemIds.length > 0) await log.record(GOLD, { kind: 'change', itemIds, change })
  }
}
