import type { LabelSet } from '../domain/label'
import { failure, success, type Outcome } from '../domain/outcome'
import { areSameLabels, askedTask, labelNames, taskChanges } from '../domain/project-task'
import type { Demonstration, Task } from '../domain/task'
import type { EngineOutcome, ModelSummary } from '../engine/contract'
import type { RunSetup } from '../storage/results-record'
import type { CatalogueModel } from './catalogue'
import { DemonstrationPool, type OwnLabels } from './demonstration-pool.svelte'
import type { RunPlan } from './go'
import { choiceName, chosenMode, isSameMode, rateKeyOf, settledChoice } from './mode'
import type { PageParts } from './page-parts'
import type { OpenProject } from './project-list.svelte'

export interface QuestionParts {
  readonly page: PageParts
  readonly project: OpenProject
  readonly own: OwnLabels
}

/** What the next run would ask: the picked model, the project's task or the model's own, and the mode. */
export class Question {
  readonly #parts: QuestionParts
  readonly demonstrations: DemonstrationPool

  /** All models that can be picked: those of the page, then those stored in this browser. */
  readonly catalogue: readonly CatalogueModel[] = $derived.by(() => {
    const { catalogue, models } = this.#parts.page
    return [...catalogue, ...models.usable]
  })
  /** The picked model; the smallest until one was picked, or when the picked one is no longer offered. */
  readonly model: CatalogueModel | undefined = $derived.by(
    () => this.catalogue.find((model) => model.id === this.#parts.page.settings.model) ?? this.catalogue[0],
  )
  /** What the picked model is and can be asked, once it is loaded. */
  readonly summary: ModelSummary | undefined = $derived.by(() => {
    const { summary } = this.#parts.page.loader
    return summary?.model === this.model?.id ? summary : undefined
  })
  /** Undefined until the picked model is there, or where it cannot be asked the project's task. */
  readonly task: Task | undefined = $derived.by(() => {
    const asked = this.summary && askedTask(this.#parts.project.head.task, this.summary)
    return asked?.ok ? asked.value : undefined
  })
  /** The labels of the project or else of the loaded model; none before there are any. */
  readonly labels: LabelSet = $derived.by(
    () => this.#parts.project.head.task?.labels ?? this.#parts.page.loader.summary?.task.labels ?? [],
  )
  /** Why the next run would be refused, as a sentence. */
  readonly trouble: string | undefined = $derived.by(() => {
    const asked = this.summary && this.#askedOf(this.summary)
    return asked && !asked.ok ? asked.error : undefined
  })
  /** What is to be known of the answers of the next run, as a sentence. */
  readonly caution: string | undefined = $derived.by(() => {
    const { page, project } = this.#parts
    if (!this.summary || !project.head.task) return undefined
    const { mode, adapter } = settledChoice(page.settings, this.summary)
    // What an adapter that was put on the model was trained to tell apart, nothing says.
    const isPut = page.adapters.of(this.summary.model).some((put) => put.adapter === adapter)
    if (mode !== 'fine-tuned' || isPut) return undefined
    const { labels } = this.summary.task
    if (areSameLabels(labels, project.head.task.labels)) return undefined
    return `An adapter answers for the labels that it was trained on: this model’s are ${labelNames(labels)}, not this project’s. Zero-shot may answer better.`
  })

  constructor(parts: QuestionParts) {
    this.#parts = parts
    this.demonstrations = new DemonstrationPool({
      project: parts.project,
      builtIn: parts.page.demonstrations,
      own: parts.own,
      labels: () => this.labels,
    })
  }

  nameOf(model: string): string {
    return this.catalogue.find(({ id }) => id === model)?.name ?? model
  }
  /** The picked model and mode in a few words. */
  get name(): string {
    return `${this.model?.name ?? ''} ${choiceName(this.#parts.page.settings, this.summary)}`
  }

  /** How a run that was asked so differs, as words; empty where it does not. */
  changesSince(setup: RunSetup): readonly string[] {
    const choice = settledChoice(this.#parts.page.settings, this.summary)
    const isKShot = setup.mode.kind === 'k-shot'
    const changes: string[] = []
    if (this.model?.id !== setup.model) changes.push('model')
    if (!isSameMode(choice, setup.mode)) changes.push('mode')
    else if (setup.mode.kind === 'k-shot' && !areSame(setup.mode.pool, this.demonstrations.pool))
      changes.push('demonstrations')
    return this.task ? [...changes, ...taskChanges(setup.task, this.task, isKShot)] : changes
  }

  /** Undefined until the picked model is there, whose way of batching the time depends on. */
  rateKey(): string | undefined {
    const { summary } = this
    return (
      summary && rateKeyOf(summary, chosenMode(this.#parts.page.settings, summary, this.demonstrations.pool))
    )
  }

  /** The labels that gold labels of a file are mapped to; none where there is no model, so that a file can be opened all the same. */
  async labelsForFiles(): Promise<LabelSet> {
    const own = this.#parts.project.head.task?.labels
    if (own) return own
    const loaded = this.model && (await this.#parts.page.loader.ensure(this.model.id))
    return loaded?.ok ? loaded.value.task.labels : []
  }

  /** Loads the picked model. */
  async load(): Promise<EngineOutcome<ModelSummary>> {
    const { model } = this
    return model ? this.#parts.page.loader.ensure(model.id) : refused('There is no model to classify with.')
  }

  /** Loads the picked model and says what it is to be asked. */
  async plan(): Promise<EngineOutcome<RunPlan>> {
    const { loader, settings } = this.#parts.page
    const loaded = await this.load()
    if (!loaded.ok) return loaded
    const asked = this.#askedOf(loaded.value)
    if (!asked.ok) return refused(asked.error)
    const mode = chosenMode(settings, loaded.value, this.demonstrations.pool)
    return success({
      setup: { model: loaded.value.model, task: asked.value, mode },
      loaded: loaded.value,
      reload: () => loader.ensure(loaded.value.model),
    })
  }

  #askedOf(summary: ModelSummary): Outcome<Task, string> {
    const { page, project } = this.#parts
    const asked = askedTask(project.head.task, summary)
    const isKShot =
      !summary.modes.includes('as-trained') && settledChoice(page.settings, summary).mode === 'k-shot'
    if (asked.ok && isKShot && this.demonstrations.pool.length === 0)
      return failure(
        `k-shot needs labelled examples, and there are none for ${labelNames(asked.value.labels)}: label some texts first, or use zero-shot.`,
      )
    return asked
  }
}

const refused = (message: string): EngineOutcome<never> => failure({ code: 'invalid-request', message })

const areSame = (one: readonly Demonstration[], other: readonly Demonstration[]): boolean =>
  one === other ||
  (one.length === other.length &&
    one.every(({ text, labelId }, place) => text === other[place]?.text && labelId === other[place].labelId))
