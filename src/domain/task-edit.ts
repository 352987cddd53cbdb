/** A task while it is edited, and what saving it would do to what is there already. */
import type { Label, LabelSet } from './label'
import type { ProjectTask } from './project'
import { kShotFrom } from './project-task'
import type { KShotFormat } from './task'

/** A label in the making. */
export interface EditedLabel {
  /** Tells it from the others while names change. */
  readonly key: number
  /** Its name before it was edited; undefined of a new one. */
  readonly before: string | undefined
  readonly id: string
  readonly words: string
  /** Divided by commas. */
  readonly aliases: string
}

export const editedLabels = (labels: LabelSet): readonly EditedLabel[] =>
  labels.map(({ id, words, aliases }, key) => ({ key, before: id, id, words, aliases: aliases.join(', ') }))

const aliasesOf = ({ aliases }: EditedLabel): readonly string[] =>
  aliases
    .split(',')
    .map((alias) => alias.trim())
    .filter((alias) => alias !== '')

/** A label as it would be saved: words that are left out are its name, and an old name stays as an alias. */
function labelOf(edited: EditedLabel): Label {
  const id = edited.id.trim()
  const words = edited.words.trim() === '' ? id : edited.words.trim()
  const { before } = edited
  const own = aliasesOf(edited)
  const isRenamed = before !== undefined && before !== id && words !== before && !own.includes(before)
  return { id, words, aliases: isRenamed ? [...own, before] : own }
}

/** What is written into a task's fields; k-shot formats that are empty follow from the template. */
export interface EditedTask {
  readonly labels: readonly EditedLabel[]
  readonly template: string
  readonly demonstration: string
  readonly query: string
}

export function taskOf(
  { labels, template, demonstration, query }: EditedTask,
  own: KShotFormat,
): ProjectTask {
  const derived = kShotFrom(template, own)
  const kShot = {
    demonstration: demonstration === '' ? derived.demonstration : demonstration,
    separator: derived.separator,
    query: query === '' ? derived.query : query,
  }
  const isDerived = kShot.demonstration === derived.demonstration && kShot.query === derived.query
  return { labels: labels.map(labelOf), template, ...(!isDerived && { kShot }) }
}

/** How often a label is in use: texts that people labelled, and rows of the opened file that came with it. */
export interface LabelUses {
  readonly byHand: ReadonlyMap<string, number>
  readonly inFile: ReadonlyMap<string, number>
}

/** What becomes of the use of labels that are renamed or taken away. */
export interface LabelConsequence {
  readonly before: string
  /** Its new name; undefined where it is taken away. */
  readonly after: string | undefined
  readonly byHand: number
  readonly inFile: number
}

/**
 * Labels in use that would be gone, or renamed while rows of a file have the old name. What was labelled by hand goes with
 * a new name, for the old one stays as an alias.
 */
export function consequences(
  before: LabelSet,
  after: readonly EditedLabel[],
  { byHand, inFile }: LabelUses,
): readonly LabelConsequence[] {
  return before.flatMap(({ id }) => {
    const now = after.find((edited) => edited.before === id)?.id.trim()
    const given = now === undefined ? (byHand.get(id) ?? 0) : 0
    const uses = { byHand: given, inFile: inFile.get(id) ?? 0 }
    return now === id || uses.byHand + uses.inFile === 0 ? [] : [{ before: id, after: now, ...uses }]
  })
}
