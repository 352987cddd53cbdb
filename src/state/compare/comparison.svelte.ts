import type { Line } from '../../domain/lines'
import {
  compareRunPrefix,
  type ComparisonRecord,
  type SetupChoice,
  type SetupRecord,
} from '../../storage/compare-record'
import type { SettingsRecord } from '../../storage/settings-record'
import { within, type Workspace } from '../../storage/workspace'
import type { CatalogueModel } from '../catalogue'
import type { Run } from '../run.svelte'
import { Asking, type AskingSurroundings } from './asking.svelte'
import type { ComparisonMemory } from './comparison-memory'
import { mergedComparison } from './merged'
import { Queue } from './queue.svelte'
import { Setup } from './setup.svelte'
import { distinctNames, setupName } from './setup-names'

/** More beside each other could not be read, and each keeps its answers. Three models asked in all five ways, and one to spare. */
export const SETUPS_AT_MOST = 16

export interface ComparisonSurroundings extends Omit<AskingSurroundings, 'nameOf'> {
  readonly workspace: Workspace
  readonly memory: ComparisonMemory
  readonly newId: () => string
  /** All models that can be picked, those that come with the page first. */
  readonly catalogue: () => readonly CatalogueModel[]
  /** What is picked in Classify. */
  readonly model: () => CatalogueModel | undefined
  readonly settings: Pick<SettingsRecord, 'mode' | 'adapter' | 'k' | 'policy' | 'seed'>
  /** Undefined while they are being read. */
  readonly classifyLines: () => readonly Line[] | undefined
  /** The project's texts that were labelled by hand. */
  readonly labelledLines: () => readonly Line[]
  /** The run of a set-up as it is stored. */
  readonly readRun: (workspace: Workspace) => Promise<Run>
}

/** Set-ups side by side over the same texts. */
export class Comparison {
  readonly around: ComparisonSurroundings
  readonly asking: Asking
  readonly queue: Queue
  #record: ComparisonRecord
  #setups = $state.raw<readonly Setup[]>([])
  #trouble = $state.raw<string>()

  readonly #labelled: readonly Line[] = $derived.by(() => this.around.labelledLines())
  /** What the set-ups are compared on; undefined while it is being read. */
  readonly lines: readonly Line[] | undefined = $derived.by(() =>
    this.source === 'labels' ? this.#labelled : this.around.classifyLines(),
  )
  readonly goldCount: number = $derived.by(
    () => this.lines?.filter(({ goldId }) => goldId !== undefined).length ?? 0,
  )
  /** Of all set-ups, in their order. */
  readonly names: readonly string[] = $derived.by(() =>
    distinctNames(
      this.#setups.map(({ record }) =>
        setupName(record, this.nameOf(record.model), this.asking.summaryOf(record.model)),
      ),
    ),
  )

  constructor(around: ComparisonSurroundings) {
    this.around = around
    this.#record = $state.raw(around.memory.known)
    const { loader, task, pool } = around
    this.asking = new Asking({ loader, task, pool, nameOf: (model) => this.nameOf(model) })
    this.queue = new Queue({
      asking: this.asking,
      lines: () => this.lines ?? [],
      onAnswering: (setup, { template, numberFormat }, runId, { loaded }) =>
        this.#take(setup, { ran: { runId, template, numberFormat, weightsBytes: loaded.weightsBytes } }),
    })
  }

  /** Reads the answers that are stored; from then on other tabs are followed. */
  async open(): Promise<void> {
    const { memory } = this.around
    this.#setups = await Promise.all(this.#record.setups.map((record) => this.#made(record)))
    this.queue.onEnded(({ id, run }) => void run.stored().then(() => memory.tellAnswered(id)))
    memory.follow({
      record: () => this.#record,
      adopt: (stored, base) => this.#adopt(stored, base),
      onAnswered: (id) => this.#readAgain(id),
    })
  }

  get setups() {
    return this.#setups
  }
  get source() {
    return this.#record.source
  }
  /** Texts that were labelled by hand. */
  get labelledCount() {
    return this.#labelled.length
  }
  /** Why the last thing that was asked for was not done. */
  get trouble() {
    return this.#trouble
  }
  nameOf(model: string): string {
    return this.around.catalogue().find(({ id }) => id === model)?.name ?? model
  }

  nameOfSetup(setup: Setup): string {
    return this.names[this.#setups.indexOf(setup)] ?? ''
  }

  useSource(source: ComparisonRecord['source']): void {
    this.#keep({ source })
  }

  /** Adds what is picked in Classify. */
  async addPicked(): Promise<Setup | undefined> {
    const picked = this.around.model()
    return picked && (await this.add([this.choiceOf(picked.id, this.around.settings.mode)]))?.[0]
  }

  /** Adds the two smallest models that come with the page, asked zero-shot and fine-tuned. */
  async addUsual(): Promise<void> {
    const models = this.around.catalogue().slice(0, 2)
    const modes = ['zero-shot', 'fine-tuned'] as const
    await this.add(
      models.flatMap(({ id }) => modes.map((mode) => ({ ...this.choiceOf(id, mode), adapter: null }))),
    )
  }

  async duplicate(setup: Setup): Promise<Setup | undefined> {
    return (await this.add([setup.record], this.#setups.indexOf(setup) + 1))?.[0]
  }

  /** Adds set-ups, all or none; answers them. */
  async add(choices: readonly SetupChoice[], place = this.#setups.length) {
    const over = this.#setups.length + choices.length - SETUPS_AT_MOST
    const isTooMany = over > 0
    this.#trouble = isTooMany
      ? `At most ${SETUPS_AT_MOST} set-ups are compared: remove ${over === 1 ? 'one' : over} to add ${choices.length === 1 ? 'another' : `these ${choices.length}`}.`
      : undefined
    if (isTooMany) return undefined
    const made = await Promise.all(
      choices.map((choice) => this.#made({ ...choice, id: this.around.newId(), ran: null })),
    )
    this.#setups = this.#setups.toSpliced(place, 0, ...made)
    this.#keep()
    return made
  }

  /** Changes what a set-up asks. Its answers stay until it is asked again, and are not compared as long as they differ. */
  change(setup: Setup, changes: Partial<SetupChoice>): void {
    this.queue.stop(setup)
    this.#take(setup, changes)
  }

  /** Notes how much memory a set-up takes, unless its answers are of another run by now. */
  noteHeap(setup: Setup, runId: string, heapBytes: number): void {
    const { ran } = setup.record
    if (ran && setup.answers?.runId === runId) this.#take(setup, { ran: { ...ran, heapBytes } })
  }

  async remove(setup: Setup): Promise<void> {
    this.queue.stop(setup)
    this.#setups = this.#setups.filter((each) => each !== setup)
    this.#trouble = undefined
    this.#keep()
    await this.#forget(setup)
  }

  /** Asks all set-ups that have texts left, one after another. */
  runAll(): Promise<void> {
    return this.queue.run(this.#setups)
  }

  /** Holds what is under way: another project is about to be opened. */
  async leave(): Promise<void> {
    await this.queue.leave()
    await this.around.memory.close()
  }

  /** A model in a mode, asked as Classify would ask it. */
  choiceOf(model: string, mode: SetupRecord['mode']): SetupChoice {
    const { adapter, k, policy, seed } = this.around.settings
    return { model, mode, adapter, k, policy, seed, template: 'project', numberFormat: null }
  }

  async #made(record: SetupRecord): Promise<Setup> {
    const { workspace, readRun, task, pool } = this.around
    const run = await readRun(within(workspace, compareRunPrefix(record.id)))
    const summaryOf = (model: string) => this.asking.summaryOf(model)
    return new Setup(record, run, { lines: () => this.lines, task, pool, summaryOf })
  }

  #take(setup: Setup, changes: Partial<SetupRecord>): void {
    setup.take({ ...setup.record, ...changes })
    this.#keep()
  }

  #keep(changes: Partial<Pick<ComparisonRecord, 'source'>> = {}): void {
    this.#record = { ...this.#record, ...changes, setups: this.#setups.map(({ record }) => record) }
    this.around.memory.keep()
  }

  /** Takes in what other tabs stored. What changed here meanwhile is stored next, and counts. */
  async #adopt(stored: ComparisonRecord, base: ComparisonRecord): Promise<void> {
    const isHere = (id: string) => this.#setups.some((setup) => setup.id === id)
    const added = await Promise.all(
      stored.setups.filter(({ id }) => !isHere(id)).map((record) => this.#made(record)),
    )
    this.#record = mergedComparison(base, stored, this.#record)
    const all = [...this.#setups, ...added]
    const removed = this.#setups.filter(({ id }) => !this.#record.setups.some((record) => record.id === id))
    const setups = this.#record.setups.flatMap((record) => {
      const setup = all.find(({ id }) => id === record.id)
      if (setup && setup.record !== record) setup.take(record)
      return setup ?? []
    })
    if (added.length + removed.length > 0) this.#setups = setups
    for (const setup of removed) {
      this.queue.stop(setup)
      await this.#forget(setup)
    }
  }

  /** Reads answers that another tab got; where this tab asks the same set-up, its own count. */
  async #readAgain(id: string): Promise<void> {
    const before = this.#setups.find((setup) => setup.id === id)
    if (!before || before === this.queue.running || this.queue.waits(before)) return
    const again = await this.#made(before.record)
    this.#setups = this.#setups.map((setup) => (setup === before ? again : setup))
  }

  async #forget(setup: Setup): Promise<void> {
    await setup.run.leave()
    await this.around.workspace.write({ [compareRunPrefix(setup.id)]: undefined })
  }
}
