/** What is wrong with a project's own task, to be said while it is edited. */
import type { Label, LabelSet } from './label'
import type { ProjectTask } from './project'
import { validateKShotFormat, validateTemplate } from './template'

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
