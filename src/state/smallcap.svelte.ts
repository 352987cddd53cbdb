/** Everything the page knows while a project is open, and can be told to do; components get it from context. */
import { changeOfLines } from '../domain/lines'
import type { CatalogueModel } from './catalogue'
import type { Adapters } from './adapters.svelte'
import type { Backends } from './backends.svelte'
import type { CompareDesk } from './compare-desk.svelte'
import type { DemonstrationPool } from './demonstration-pool.svelte'
import type { DeviceCheck } from './device-check.svelte'
import { Details } from './details.svelte'
import { Estimate } from './estimate.svelte'
import { Exports } from './exports.svelte'
import { FileImport } from './file-import.svelte'
import type { LabelDesk } from './label-desk.svelte'
import type { LabelKeys } from './labelling/label-keys.svelte'
import type { Models } from './models.svelte'
import type { PageParts } from './page-parts'
import type { PlaceInPage } from './place-in-page.svelte'
import type { ModelLoader } from './model-loader.svelte'
import type { Notes } from './notes.svelte'
import type { ProjectDialog } from './project-dialog.svelte'
import type { OpenProject } from './project-list.svelte'
import { Question } from './question.svelte'
import { ResultsView } from './results-view.svelte'
import type { Run } from './run.svelte'
import type { Settings } from './settings.svelte'
import type { TextInput } from './text-input.svelte'
import type { WrittenModels } from './written-models.svelte'
import type { Put } from '../storage/adapters-record'

export interface SmallcapParts {
  readonly page: PageParts
  readonly project: OpenProject
  readonly input: TextInput
  readonly run: Run
  readonly desk: LabelDesk
  readonly compareDesk: CompareDesk
}

export class Smallcap {
  readonly project: OpenProject
  readonly desk: LabelDesk
  readonly compareDesk: CompareDesk
  readonly labelKeys: LabelKeys
  readonly question: Question
  /** The models that come with the page. */
  readonly embedded: readonly CatalogueModel[]
  readonly models: Models
  readonly adapters: Adapters
  readonly openWritten: () => Promise<WrittenModels>
  readonly place: PlaceInPage
  readonly settings: Settings
  readonly input: TextInput
  readonly loader: ModelLoader
  readonly run: Run
  readonly backends: Backends
  readonly deviceCheck: DeviceCheck
  readonly projectDialog: ProjectDialog
  readonly view: ResultsView
  readonly exports: Exports
  readonly estimate: Estimate
  readonly details: Details
  readonly fileImport: FileImport
  readonly notes: Notes
  /** On narrow screens the input shows as one line once results are there. */
  #isInputFolded = $state.raw(false)
  readonly #flush: PageParts['flush']

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
    const changes = this.question.changesSince(setup)
    return this.#changeOfLines ? [this.#changeOfLines, ...changes] : changes
  })

  constructor({ page, project, input, run, desk, compareDesk }: SmallcapParts) {
    this.project = project
    this.desk = desk
    this.compareDesk = compareDesk
    this.labelKeys = page.labelKeys
    this.question = new Question({ page, project, own: desk })
    this.embedded = page.catalogue
    this.models = page.models
    this.adapters = page.adapters
    this.openWritten = page.openWritten
    this.place = page.place
    this.settings = page.settings
    this.input = input
    this.loader = page.loader
    this.run = run
    this.backends = page.backends
    this.deviceCheck = page.deviceCheck
    this.projectDialog = page.projectDialog
    this.notes = page.notes
    this.#flush = page.flush
    this.view = new ResultsView(run, page.settings, page.turns)
    this.exports = new Exports(run, this.view, page.settings, page.turns)
    this.estimate = new Estimate({
      engine: page.engine,
      rates: page.rates,
      key: () => this.question.rateKey(),
      lines: () => this.input.lines,
      plan: () => this.question.plan(),
      now: page.turns.now,
    })
    this.details = new Details(page.engine, (model) => page.loader.ensure(model))
    this.fileImport = new FileImport({
      files: page.files,
      labels: () => this.question.labelsForFiles(),
      take: (source) => this.input.useFile(source),
    })
    this.#isInputFolded = run.shown !== undefined
  }

  /** All models that can be picked. */
  get catalogue(): readonly CatalogueModel[] {
    return this.question.catalogue
  }
  get model(): CatalogueModel | undefined {
    return this.question.model
  }
  /** What the picked model is and can be asked, once it is loaded. */
  get pickedSummary() {
    return this.question.summary
  }
  get demonstrations(): DemonstrationPool {
    return this.question.demonstrations
  }
  /** Texts are being classified. */
  get isClassifying() {
    return this.run.isRunning || this.compareDesk.isRunning
  }
  get isInputFolded() {
    return this.#isInputFolded
  }
  get canClassify() {
    const hasLines = this.input.lines.length > 0 || this.input.isReading
    const { kind } = this.fileImport.status
    return (hasLines || kind === 'open' || kind === 'reading') && this.model !== undefined
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

  /**
   * Goes on with the run that a reload broke off; one of which nothing was stored is asked again. What was asked since then
   * is newer, and stays.
   */
  async goOn(runId: string): Promise<void> {
    if (this.run.hasBegun) return
    if (this.run.shown?.runId !== runId) await this.classify()
    else if (this.run.left > 0) await this.proceed()
  }

  /**
   * A run that is under way is not begun again as long as the same is asked; one that left lines over goes on.
   */
  async classify(): Promise<void> {
    if (!this.canClassify) return
    // A file that is looked at is what is meant, not the text that it is about to take the place of.
    if (!(await this.fileImport.use())) return
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
    await this.run.start(this.input.lines, () => this.question.plan())
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

  /** Picks a model with one of its adapters. */
  pickAdapter({ model, name }: Pick<Put, 'model' | 'name'>): void {
    this.settings.change({ mode: 'fine-tuned', adapter: name })
    this.pickModel(model)
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

  /** Stops what is under way and resolves once all of the project is stored: another is about to be opened. */
  async leave(): Promise<void> {
    this.estimate.stop()
    this.details.stop()
    this.fileImport.dismiss()
    await this.run.leave()
    await this.desk.leave()
    await this.compareDesk.leave()
    await this.input.stored()
  }

  #learn(): void {
    if (this.run.status.kind === 'done') this.estimate.allowAgain()
  }
}
