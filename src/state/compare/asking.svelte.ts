import { failure, success } from '../../domain/outcome'
import type { EngineOutcome, ModelSummary } from '../../engine/contract'
import type { SetupRecord } from '../../storage/compare-record'
import type { RunSetup } from '../../storage/results-record'
import type { RunPlan } from '../go'
import type { ModelLoader } from '../model-loader.svelte'
import { modeOf, taskOf } from './ask'
import type { SetupSurroundings } from './setup.svelte'

export interface AskingSurroundings extends Pick<SetupSurroundings, 'task' | 'pool'> {
  readonly loader: ModelLoader
  readonly nameOf: (model: string) => string
}

/** Loads what set-ups need and says what they ask. */
export class Asking {
  readonly #around: AskingSurroundings
  /** Models that are in a number format that was asked for. */
  readonly #moved = new Set<string>()

  constructor(around: AskingSurroundings) {
    this.#around = around
  }

  /** What is known of a model that is loaded. */
  summaryOf(model: string): ModelSummary | undefined {
    return this.#around.loader.summaryOf(model)
  }

  /** Loads a model, so that it is known what it can be asked. */
  look(model: string): Promise<EngineOutcome<ModelSummary>> {
    return this.#around.loader.hold(model)
  }

  /** What the set-up would be asked, where its model is known and can be asked so. */
  setupOf(record: SetupRecord): RunSetup | undefined {
    const summary = this.summaryOf(record.model)
    const task = summary && taskOf(record, this.#around.task(), summary)
    const mode = summary && modeOf(record, summary, this.#around.pool())
    return task?.ok && mode?.ok ? { model: record.model, task: task.value, mode: mode.value } : undefined
  }

  /** Loads the set-up's model and says what it is to be asked. */
  async plan(record: SetupRecord): Promise<EngineOutcome<RunPlan>> {
    const reload = () => this.load(record)
    const loaded = await reload()
    if (!loaded.ok) return loaded
    const task = taskOf(record, this.#around.task(), loaded.value)
    const mode = modeOf(record, loaded.value, this.#around.pool())
    if (!task.ok) return refused(task.error)
    if (!mode.ok) return refused(mode.error)
    const setup = { model: record.model, task: task.value, mode: mode.value }
    return success({ setup, loaded: loaded.value, reload })
  }

  /** Loads the set-up's model in its number format. */
  async load({ model, numberFormat }: SetupRecord): Promise<EngineOutcome<ModelSummary>> {
    if (numberFormat !== null) this.#moved.add(model)
    const loaded = await this.#around.loader.inFormat(model, numberFormat ?? undefined)
    if (!loaded.ok) return loaded
    const found = loaded.value.numberFormat
    if (numberFormat === null || found === numberFormat) return loaded
    return refused(
      `${this.#around.nameOf(model)} cannot be computed in ${numberFormat} here, only in ${found}: choose another number format.`,
    )
  }

  /** Brings models back to the number formats that suit them, for whoever asks next. */
  async restoreFormats(): Promise<void> {
    for (const model of this.#moved) {
      this.#moved.delete(model)
      await this.#around.loader.inFormat(model)
    }
  }
}

const refused = (message: string): EngineOutcome<never> => failure({ code: 'invalid-request', message })
