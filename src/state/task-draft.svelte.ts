import { validateName, type ProjectTask } from '../domain/project'
import { askedTask, taskChanges } from '../domain/project-task'
import {
  consequences,
  editedLabels,
  taskOf,
  type EditedLabel,
  type EditedTask,
  type LabelConsequence,
  type LabelUses,
} from '../domain/task-edit'
import { taskTroubles, type TaskTrouble } from '../domain/task-troubles'
import { renderQuery } from '../domain/template'
import type { Smallcap } from './smallcap.svelte'
import type { KShotFormat, Task } from '../domain/task'

/** Of a project whose model is not loaded yet. */
const NO_TASK: Task = {
  template: '{text}',
  optionsSeparator: ', ',
  labels: [],
  kShot: { demonstration: '{text} {label}.', separator: ' ', query: '{text}' },
  maxInputTokens: 128,
}

/** The open project's task, guidelines and name while they are edited; nothing is changed before it is saved. */
export class TaskDraft {
  readonly #smallcap: Smallcap
  /** What the project is asked before the change, and what it falls back to. */
  readonly #before: Task
  readonly #own: Task
  /** Each model is asked its own task. */
  isOwnOfModel = $state(false)
  labels = $state.raw<readonly EditedLabel[]>([])
  template = $state('')
  demonstration = $state('')
  query = $state('')
  guidelines = $state('')
  name = $state('')
  /** Labels in use may be renamed or go, as {@link consequences} tell. */
  isAgreed = $state(false)
  #nextKey = 0

  readonly task: ProjectTask = $derived.by(() => taskOf(this.#fields, this.#own.kShot))
  readonly troubles: readonly TaskTrouble[] = $derived.by(() =>
    this.isOwnOfModel ? [] : taskTroubles(this.task),
  )
  readonly nameTrouble: string | undefined = $derived.by(() => validateName(this.name))
  readonly consequences: readonly LabelConsequence[] = $derived.by(() =>
    consequences(
      this.#before.labels,
      this.isOwnOfModel ? editedLabels(this.#own.labels) : this.labels,
      this.#uses,
    ),
  )
  /** What of the task would be another; empty where only name and guidelines are edited. */
  readonly changes: readonly string[] = $derived.by(() => {
    const after = this.isOwnOfModel ? this.#own : this.#asked
    return [
      ...new Set([...taskChanges(this.#before, after, false), ...taskChanges(this.#before, after, true)]),
    ]
  })
  /** Results of a run under another task. */
  readonly oldResults: number = $derived.by(() =>
    this.changes.length > 0 ? (this.#smallcap.run.shown?.count ?? 0) : 0,
  )
  readonly canSave: boolean = $derived.by(
    () =>
      this.troubles.length === 0 &&
      this.nameTrouble === undefined &&
      (this.consequences.length === 0 || this.isAgreed),
  )
  /** The prompt of the first text, as it would be asked. */
  readonly preview: string = $derived.by(() =>
    this.isOwnOfModel || this.troubles.length > 0 ? '' : renderQuery(this.#asked, this.#example),
  )

  constructor(smallcap: Smallcap) {
    this.#smallcap = smallcap
    const { head } = smallcap.project
    const { task, labels } = smallcap.question
    this.#own = smallcap.question.summary?.task ?? smallcap.loader.summary?.task ?? { ...NO_TASK, labels }
    this.#before = task ?? (head.task ? { ...this.#own, ...head.task, kShot: this.#own.kShot } : this.#own)
    const shown = head.task ?? this.#own
    this.isOwnOfModel = head.task === undefined
    this.labels = editedLabels(shown.labels)
    this.#nextKey = shown.labels.length
    this.template = shown.template
    this.demonstration = head.task?.kShot?.demonstration ?? ''
    this.query = head.task?.kShot?.query ?? ''
    this.guidelines = head.guidelines
    this.name = head.name
    while (this.labels.length < 2) this.add()
  }

  /** How k-shot prompts are written where their fields are empty. */
  get derivedKShot(): KShotFormat {
    return (
      taskOf({ ...this.#fields, demonstration: '', query: '' }, this.#own.kShot).kShot ?? this.#asked.kShot
    )
  }

  add(): void {
    const key = this.#nextKey
    this.#nextKey += 1
    this.labels = [...this.labels, { key, before: undefined, id: '', words: '', aliases: '' }]
  }
  change(key: number, change: Partial<Pick<EditedLabel, 'id' | 'words' | 'aliases'>>): void {
    this.labels = this.labels.map((label) => (label.key === key ? { ...label, ...change } : label))
  }
  remove(key: number): void {
    this.labels = this.labels.filter((label) => label.key !== key)
  }
  /** Moves a label up (-1) or down (1) in the order of display. */
  move(key: number, by: -1 | 1): void {
    const from = this.labels.findIndex((label) => label.key === key)
    const to = from + by
    const [one, other] = [this.labels[from], this.labels[to]]
    if (one && other) this.labels = this.labels.with(from, other).with(to, one)
  }

  async save(): Promise<void> {
    if (!this.canSave) return
    const { name, guidelines, isOwnOfModel, task } = this
    await this.#smallcap.project.change({
      name: name.trim(),
      guidelines,
      task: isOwnOfModel ? undefined : task,
    })
  }

  get #fields(): EditedTask {
    const { labels, template, demonstration, query } = this
    return { labels, template, demonstration, query }
  }
  get #asked(): Task {
    const asked = askedTask(this.task, { task: this.#own, areLabelsFixed: false })
    return asked.ok ? asked.value : this.#own
  }
  get #example() {
    const [line] = this.#smallcap.input.lines
    return line ? { text: line.text.slice(0, 200), pair: line.pair ?? '' } : 'The text.'
  }
  get #uses(): LabelUses {
    const inFile = new Map<string, number>()
    for (const { goldId } of this.#smallcap.input.file?.lines ?? [])
      if (goldId !== undefined) inFile.set(goldId, (inFile.get(goldId) ?? 0) + 1)
    return { byHand: this.#smallcap.desk.counts, inFile }
  }
}
