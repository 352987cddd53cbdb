/** Everything the Classify view knows and can be told to do; components get it from context. */
import type { LabelSet } from '../domain/label'
import { changeOfLines } from '../domain/lines'
import { failure } from '../domain/outcome'
import type { Demonstration } from '../domain/task'
import type { EngineOutcome } from '../engine/contract'
import type { EngineClient } from '../engine/engine-client'
import type { FilesClient } from '../files/files-client'
import type { CatalogueModel } from './catalogue'
import type { Backends } from './backends.svelte'
import type { DeviceCheck } from './device-check.svelte'
import { Details } from './details.svelte'
import { Estimate } from './estimate.svelte'
import { Exports } from './exports.svelte'
import { FileImport } from './file-import.svelte'
import type { RunPlan } from './go'
import type { LabelKeys } from './labelling/label-keys.svelte'
import type { Labelling } from './labelling/labelling.svelte'
import { choiceName, chosenMode, isSameMode, rateKeyOf, settledChoice } from './mode'
import type { Models } from './models.svelte'
import type { PlaceInPage } from './place-in-page.svelte'
import type { ModelLoader } from './model-loader.svelte'
import type { Notes } from './notes.svelte'
import type { Rates } from './rates.svelte'
import { ResultsView } from './results-view.svelte'
import type { Run } from './run.svelte'
import type { Settings } from './settings.svelte'
import type { TextInput } from './text-input.svelte'
import type { Turns } from './turns'

export interface SmallcapParts {
  readonly engine: EngineClient
  readonly catalogue: readonly CatalogueModel[]
  readonly demonstrations: readonly Demonstration[]
  readonly settings: Settings
  readonly input: TextInput
  readonly loader: ModelLoader
  readonly models: Models
  readonly place: PlaceInPage
  readonly run: Run
  readonly backends: Backends
  readonly deviceCheck: DeviceCheck
  readonly rates: Rates
  readonly notes: Notes
  readonly files: FilesClient
  readonly turns: Turns
  /** Resolves once whatever else is on its way to storage is there. */
  readonly flush: () => Promise<unknown>
  readonly labelling: Labelling
  readonly labelKeys: LabelKeys
}

export class Smallcap {
  /** The models that come with the page. */
  readonly embedded: readonly CatalogueModel[]
  readonly models: Models
  readonly place: PlaceInPage
  readonly demonstrations: readonly Demonstration[]
  readonly settings: Settings
  readonly input: TextInput
  readonly loader: ModelLoader
  readonly run: Run
  readonly backends: Backends
  readonly deviceCheck: DeviceCheck
  readonly view: ResultsView
  readonly exports: Exports
  readonly estimate: Estimate
  readonly details: Details
  readonly fileImport: FileImport
  readonly notes: Notes
  readonly labelling: Labelling
  readonly labelKeys: LabelKeys
  /** On narrow screens the input shows as one line once results are there. */
  #isInputFolded = $state.raw(false)
  readonly #flush: SmallcapParts['flush']

  /** All models that can be picked: those of the page, then those stored in this browser. */
  readonly catalogue: readonly CatalogueModel[] = $derived.by(() => [...this.embedded, ...this.models.usable])
  /** The picked model; the smallest until one was picked, or when the picked one is no longer offered. */
  readonly model: CatalogueModel | undefined = $derived.by(
    () => this.catalogue.find((model) => model.id === this.settings.model) ?? this.catalogue[0],
  )

  readonly #shownLines = $derived.by(() => this.run.shown?.lines)
  readonly #shownSetup = $derived.by(() => this.run.shown?.setup)
  /** A run keeps the lines it was given, so that they are compared one by one only after a reload or an edit. */
  readonly #changeOfLines = $derived.by(() => {
    const { lines, isReading } = this.input
    return isReading || !this.#shownLines ? undefined : changeOfLines(this.#shownLines, lines)
  })
  /** How the shown results differ from what a run would be asked now, as words; empty when they do not. */
  readonly changedSince: readonly string[] = $derived.by(() => {
    const setup = this.#shownSetup
    if (!setup) return []
    const changes: string[] = []
    if (this.#changeOfLines) changes.push(this.#changeOfLines)
    if (this.model?.id !== setup.model) changes.push('model')
    if (!isSameMode(settledChoice(this.settings, this.pickedSummary), setup.mode)) changes.push('mode')
    return changes
  })

  constructor(parts: SmallcapParts) {
    this.embedded = parts.catalogue
    this.models = parts.models
    this.place = parts.place
    this.demonstrations = parts.demonstrations
    this.settings = parts.settings
    this.input = parts.input
    this.loader = parts.loader
    this.run = parts.run
    this.backends = parts.backends
    this.deviceCheck = parts.deviceCheck
    this.notes = parts.notes
    this.#flush = parts.flush
    this.labelling = parts.labelling
    this.labelKeys = parts.labelKeys
    this.view = new ResultsView(parts.run, parts.settings, parts.turns)
    this.exports = new Exports(parts.run, this.view, parts.settings, parts.turns)
    this.estimate = new Estimate({
      engine: parts.engine,
      rates: parts.rates,
      key: () => this.#rateKey(),
      lines: () => this.input.lines,
      plan: () => this.plan(),
      now: parts.turns.now,
    })
    this.details = new Details(parts.engine, (model) => parts.loader.ensure(model))
    this.fileImport = new FileImport({
      files: parts.files,
      labels: () => this.readLabels(),
      take: (source) => this.input.useFile(source),
    })
    this.#isInputFolded = parts.run.shown !== undefined
  }

  /** The labels that are asked for; none until the model is loaded. */
  get labels(): LabelSet {
    return this.loader.summary?.task.labels ?? this.view.labels
  }
  nameOf(model: string): string {
    return this.catalogue.find(({ id }) => id === model)?.name ?? model
  }
  /** The picked model and mode in a few words. */
  get pickedName(): string {
    return `${this.nameOf(this.model?.id ?? '')} ${choiceName(this.settings, this.pickedSummary)}`
  }
  /** What the picked model is and can be asked, once it is loaded. */
  get pickedSummary() {
    const { summary } = this.loader
    return summary?.model === this.model?.id ? summary : undefined
  }
  get isInputFolded() {
    return this.#isInputFolded
  }
  get canClassify() {
    const hasLines = this.input.lines.length > 0 || this.input.isReading
    return (hasLines || this.fileImport.status.kind === 'open') && this.model !== undefined
  }

  /** The newest run and the next one ask the same. */
  get isSameQuestion() {
    return this.run.isOfShown && this.changedSince.length === 0
  }
  /** To classify is to go on with a run that left lines of the same question over. */
  get isToGoOn() {
    return this.isSameQuestion && !this.run.isRunning && this.run.left > 0
  }

  /**
   * Loads the picked model; where nothing was done here before, classifies the sample lines unasked. `onAnswer` is awaited
   * before anything is done that no answer waits for.
   */
  async start(onAnswer?: () => Promise<void>): Promise<void> {
    const isFirstVisit = this.run.shown === undefined && this.input.isSample
    void this.loader.look()
    if (isFirstVisit) await this.classify()
    else if (this.model) await this.loader.ensure(this.model.id)
    await onAnswer?.()
    if (this.model) await this.backends.consider(this.model.id)
  }

  /** Resolves once all that was typed, opened and classified is stored, or refused, as before a reload. */
  async keepWork(): Promise<void> {
    await Promise.all([this.input.stored(), this.run.stored()])
    await this.#flush()
  }

  /** Goes on with what a reload broke off. */
  goOn(): Promise<void> {
    return this.run.isOfShown && this.run.left > 0 ? this.proceed() : this.classify()
  }

  /**
   * A run that is under way is not begun again as long as the same is asked; one that left lines over goes on.
   */
  async classify(): Promise<void> {
    if (!this.canClassify) return
    // A file that is looked at is what is meant, not the text that it is about to take the place of.
    await this.fileImport.use()
    if (this.fileImport.status.kind !== 'none') return
    await this.input.settled
    if (this.isSameQuestion && this.run.isRunning) return
    await (this.isToGoOn ? this.proceed() : this.startOver())
  }

  /** Classifies from the first line on, also where there are results of the same question already. */
  async startOver(): Promise<void> {
    if (!this.canClassify) return
    await this.input.settled
    if (this.input.lines.length === 0) return
    this.#isInputFolded = true
    this.estimate.stop()
    await this.run.start(this.input.lines, () => this.plan())
    this.#learn()
  }

  /** Classifies what a stopped or interrupted run left over. */
  async proceed(): Promise<void> {
    this.estimate.stop()
    await this.run.proceed((model) => this.loader.ensure(model))
    this.#learn()
  }

  pauseOrResume(): void {
    if (this.run.status.kind === 'paused') void this.proceed()
    else this.run.pause()
  }

  pickModel(model: string): void {
    this.settings.change({ model })
    void this.loader.ensure(model).then(() => this.backends.consider(model))
  }

  unfoldInput(): void {
    this.#isInputFolded = false
  }
  foldInput(): void {
    this.#isInputFolded = true
  }

  async restartEngine(): Promise<void> {
    await this.loader.restart()
    if (!this.model) return
    await this.loader.ensure(this.model.id)
    await this.backends.consider(this.model.id)
  }

  #learn(): void {
    if (this.run.status.kind === 'done') this.estimate.allowAgain()
  }

  /** The picked model's labels; none where there is no model, so that a file can be opened all the same. */
  async readLabels(): Promise<LabelSet> {
    const loaded = this.model && (await this.loader.ensure(this.model.id))
    return loaded?.ok ? loaded.value.task.labels : []
  }

  /** Undefined until the picked model is there, whose way of batching the time depends on. */
  #rateKey(): string | undefined {
    const loaded = this.pickedSummary
    return loaded && rateKeyOf(loaded, chosenMode(this.settings, loaded, this.demonstrations))
  }

  /** What is picked, as a run asks it; the model is loaded first. */
  async plan(): Promise<EngineOutcome<RunPlan>> {
    const model = this.model
    if (!model) return failure({ code: 'invalid-request', message: 'There is no model to classify with.' })
    const loaded = await this.loader.ensure(model.id)
    if (!loaded.ok) return loaded
    const mode = chosenMode(this.settings, loaded.value, this.demonstrations)
    return {
      ok: true,
      value: {
        setup: { model: model.id, task: loaded.value.task, mode },
        loaded: loaded.value,
        reload: () => this.loader.ensure(model.id),
      },
    }
  }
}
