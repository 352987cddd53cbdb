/** A project's own task: what is wrong with it, and what it becomes when a model is asked. */
import { findLabel } from './find-label'
import type { Label, LabelSet } from './label'
import { failure, success, type Outcome } from './outcome'
import type { ProjectTask } from './project'
import type { Demonstration, KShotFormat, Task } from './task'
import { SENTINEL, validateKShotFormat, validateTemplate } from './template'

/** More would be neither told apart by colour nor fit into a prompt. */
export const LABELS_AT_MOST = 30
export const NAME_OF_LABEL_CHARACTERS = 60

/** What is wrong with a part of a task: its template, its k-shot format, its labels as a set, or the label at a place. */
export interface TaskTrouble {
  readonly at: 'template' | 'k-shot' | 'labels' | number
  /** A sentence. */
  readonly message: string
}

const fold = (name: string): string => name.trim().replace(/\s+/g, ' ').toLowerCase()

const namesOf = ({ id, words, aliases }: Label): readonly string[] => [id, words, ...aliases].map(fold)

function labelTrouble(label: Label, place: number, labels: LabelSet): string | undefined {
  const { id, words } = label
  if (fold(id) === '') return 'A label needs a name.'
  if (id.trim() !== id) return `The name of “${id.trim()}” begins or ends with a space.`
  if (id.length > NAME_OF_LABEL_CHARACTERS)
    return `The name of a label may have ${NAME_OF_LABEL_CHARACTERS} characters at most.`
  if (fold(words) === '') return `“${id}” needs words that the model can answer with.`
  const names = new Set(namesOf(label))
  for (const other of labels.slice(0, place)) {
    if (fold(other.id) === fold(id)) return `Two labels are called “${id}”.`
    if (fold(other.words) === fold(words))
      return `“${id}” and “${other.id}” have the same words, so no model could tell them apart.`
    const shared = namesOf(other).find((name) => names.has(name))
    if (shared !== undefined) return `“${shared}” names both “${other.id}” and “${id}”.`
  }
  return undefined
}

/** All that is wrong with a task; none when it can be used. */
export function taskTroubles({ labels, template, kShot }: ProjectTask): readonly TaskTrouble[] {
  const troubles: TaskTrouble[] = labels.flatMap((label, at) => {
    const message = labelTrouble(label, at, labels)
    return message === undefined ? [] : [{ at, message }]
  })
  if (labels.length < 2) troubles.push({ at: 'labels', message: 'A task needs at least two labels.' })
  if (labels.length > LABELS_AT_MOST)
    troubles.push({ at: 'labels', message: `A task may have ${LABELS_AT_MOST} labels at most.` })
  const inTemplate = validateTemplate(template)
  if (inTemplate !== undefined) troubles.push({ at: 'template', message: inTemplate })
  const inKShot = kShot && validateKShotFormat(kShot)
  if (inKShot !== undefined) troubles.push({ at: 'k-shot', message: inKShot })
  return troubles
}

/**
 * How demonstrations are written for a template: the template with the label in the sentinel's place, or after it where it
 * has none. A model that was trained with this very template keeps the format of its training.
 */
export function kShotFrom(template: string, own: KShotFormat): KShotFormat {
  if (template === own.query) return own
  const demonstration = template.includes(SENTINEL)
    ? template.replace(SENTINEL, '{label}')
    : `${template.trimEnd()} {label}.`
  return { demonstration, separator: own.separator, query: template }
}

/** The labels of `to` that `from`'s are, in the order of `from`; undefined where they are not the same by any of their names. */
function matched(from: LabelSet, to: LabelSet): LabelSet | undefined {
  const found = from.map(({ id, words, aliases }) =>
    [id, words, ...aliases].map((name) => findLabel(to, name)).find((label) => label !== undefined),
  )
  const labels = found.filter((label) => label !== undefined)
  return from.length === to.length && new Set(labels).size === to.length ? labels : undefined
}

/** Two label sets name the same classes, in whatever order and by whichever of their names. */
export const areSameLabels = (one: LabelSet, other: LabelSet): boolean => matched(one, other) !== undefined

/** The names of labels as a list, e.g. `bug, praise`. */
export const labelNames = (labels: LabelSet): string => labels.map(({ id }) => id).join(', ')

/** What a model says of itself that its task depends on. */
export interface AskedModel {
  readonly task: Task
  readonly areLabelsFixed: boolean
}

/**
 * What a model is asked in a project: the project's task, or the model's own where the project has none. A classifier is
 * asked for its own labels, in the project's order, and refused with a sentence where they are others.
 */
export function askedTask(
  own: ProjectTask | undefined,
  { task, areLabelsFixed }: AskedModel,
): Outcome<Task, string> {
  if (!own) return success(task)
  const { labels, template, kShot = kShotFrom(template, task.kShot) } = own
  if (!areLabelsFixed) return success({ ...task, labels, template, kShot })
  const fixed = matched(labels, task.labels)
  if (fixed) return success({ ...task, labels: fixed })
  return failure(
    `This model is a classifier with labels of its own (${labelNames(task.labels)}) and cannot be asked for this project’s (${labelNames(labels)}): pick another model, or change the labels.`,
  )
}

/** Whether demonstrations show every label of a set and no other. */
export function coverLabels(demonstrations: readonly Demonstration[], labels: LabelSet): boolean {
  const shown = new Set(demonstrations.map(({ labelId }) => findLabel(labels, labelId)))
  return !shown.has(undefined) && labels.every((label) => shown.has(label))
}

/** How the task of a run differs from one that would be asked now, as words; empty where it does not. */
export function taskChanges(before: Task, now: Task, isKShot: boolean): readonly string[] {
  const changes: string[] = []
  const asked = ({ labels, optionsSeparator }: Task): string =>
    JSON.stringify([labels.map(({ id, words }) => [id, words]), optionsSeparator])
  if (asked(before) !== asked(now)) changes.push('labels')
  const isSame = isKShot
    ? JSON.stringify(before.kShot) === JSON.stringify(now.kShot)
    : before.template === now.template
  if (!isSame) changes.push('template')
  return changes
}
