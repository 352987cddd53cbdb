/** What a project's own task becomes when a model is asked. */
import { findLabel } from './find-label'
import type { LabelSet } from './label'
import { failure, success, type Outcome } from './outcome'
import type { ProjectTask } from './project'
import type { Demonstration, KShotFormat, Task } from './task'
import { SENTINEL } from './template'

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

/** Whether two projects ask the same: by labels, their words, and formats. One without a task asks each model its own. */
export function areSameTasks(one: ProjectTask | undefined, other: ProjectTask | undefined): boolean {
  const key = (task: ProjectTask | undefined) =>
    task && JSON.stringify([task.labels.map(({ id, words }) => [id, words]), task.template, task.kShot])
  return key(one) === key(other)
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
