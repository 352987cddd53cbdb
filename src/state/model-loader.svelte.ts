import { success } from '../domain/outcome'
import type { PutAdapter } from '../engine/adapters'
import type { EngineClient } from '../engine/engine-client'
import type {
  Backend,
  EngineError,
  EngineOutcome,
  LoadProgress,
  ModelSummary,
  NumberFormat,
  Survey,
} from '../engine/contract'

export type LoaderStatus =
  | { readonly kind: 'none' }
  | { readonly kind: 'loading'; readonly model: string; readonly progress: LoadProgress | undefined }
  | { readonly kind: 'ready'; readonly summary: ModelSummary }
  | { readonly kind: 'failed'; readonly model: string; readonly error: EngineError }

/**
 * Weights that may be held in all, in bytes, so that a person who tries one model after another does not fill memory. Several
 * that are compared fit in: Flan-T5 small and base in eight bits are a third of it.
 */
const HELD_BYTES = 1e9

/** A load under way or done. */
interface Load {
  progress: LoadProgress | undefined
  outcome: EngineOutcome<ModelSummary> | undefined
}

/** Which models the engine holds, and how far the one asked for last is. */
export class ModelLoader {
  readonly #engine: EngineClient
  #status = $state.raw<LoaderStatus>({ kind: 'none' })
  #survey = $state.raw<Survey>()
  /** Why the engine died the last time in this visit, as a clause. */
  #loss = $state.raw<string>()
  /** By model, the one asked for last at the end; a failed load is forgotten so that it can be tried again. */
  readonly #loads = new Map<
    string,
    { readonly load: Load; readonly ended: Promise<EngineOutcome<ModelSummary>> }
  >()
  /** By model, the number format that it had where none was asked for. */
  readonly #suitable = new Map<string, NumberFormat>()
  #summaries = $state.raw<ReadonlyMap<string, ModelSummary>>(new Map())
  /** Number of the newest request: `status` tells of no other, whichever load ends last. */
  #request = 0

  readonly #backendFor: (model: string) => Backend
  readonly #adaptersFor: (model: string) => readonly PutAdapter[]

  /**
   * @param backendFor where a model is to run when it is loaded next
   * @param adaptersFor those that are to be on it then, besides its own
   */
  constructor(
    engine: EngineClient,
    backendFor: (model: string) => Backend = () => 'wasm',
    adaptersFor: (model: string) => readonly PutAdapter[] = () => [],
  ) {
    this.#engine = engine
    this.#backendFor = backendFor
    this.#adaptersFor = adaptersFor
    engine.onLost((reason) => {
      const held = this.#status
      this.#loads.clear()
      this.#summaries = new Map()
      this.#loss = reason
      this.#status = { kind: 'none' }
      // A load that killed the engine would kill it again: only a model that was ready is brought back unasked.
      if (held.kind === 'ready') void this.ensure(held.summary.model)
    })
  }

  get status() {
    return this.#status
  }
  get survey() {
    return this.#survey
  }
  get loss() {
    return this.#loss
  }
  get summary(): ModelSummary | undefined {
    return this.#status.kind === 'ready' ? this.#status.summary : undefined
  }

  /** What is known of a model that is loaded, whichever `status` tells of. */
  summaryOf(model: string): ModelSummary | undefined {
    return this.#summaries.get(model)
  }

  async look(): Promise<void> {
    const outcome = await this.#engine.survey()
    if (outcome.ok) this.#survey = outcome.value
  }

  /** Loads `model` unless the engine holds it already, and makes it the one that `status` tells about. */
  async ensure(model: string, isRetry = false): Promise<EngineOutcome<ModelSummary>> {
    const request = ++this.#request
    const { load, ended } = this.#held(model, isRetry)
    if (!load.outcome) this.#status = { kind: 'loading', model, progress: load.progress }
    const outcome = load.outcome ?? (await ended)
    if (request === this.#request) {
      this.#status = outcome.ok
        ? { kind: 'ready', summary: outcome.value }
        : { kind: 'failed', model, error: outcome.error }
    }
    return outcome
  }

  /** Loads `model` unless the engine holds it already; `status` goes on telling of the model it tells of. */
  async hold(model: string): Promise<EngineOutcome<ModelSummary>> {
    return this.#held(model).ended
  }

  /** Changes the adapters of a model: on WASM if its graphics device is lost over it. */
  async adapt(
    model: string,
    change: () => Promise<EngineOutcome<ModelSummary>>,
  ): Promise<EngineOutcome<ModelSummary>> {
    const held = await this.hold(model)
    if (!held.ok) return held
    let outcome = await change()
    if (!outcome.ok && outcome.error.code === 'backend-lost') {
      this.#loads.delete(model)
      const again = await this.hold(model)
      outcome = again.ok ? await change() : again
    }
    if (outcome.ok) this.#replace(model, outcome.value)
    return outcome
  }

  /** Loads `model` for the backend that is chosen now, even one that was given up in this visit. */
  async reload(model: string): Promise<EngineOutcome<ModelSummary>> {
    this.#loads.delete(model)
    return this.ensure(model, true)
  }

  /** Takes a model to another backend behind the reader's back: what was loaded before answers until that is done. */
  async move(model: string, backend: Backend): Promise<EngineOutcome<ModelSummary>> {
    const before = this.#loads.get(model)
    const outcome = await this.#engine.load({ model, backend, adapters: this.#adaptersFor(model) })
    if (outcome.ok && this.#loads.get(model) === before) this.#replace(model, outcome.value)
    if (outcome.ok) this.#suitable.set(model, outcome.value.numberFormat)
    return outcome
  }

  /** Takes a model to a number format, without one to that which suits it: what was loaded before answers until that is done. */
  async inFormat(model: string, numberFormat?: NumberFormat): Promise<EngineOutcome<ModelSummary>> {
    const held = await this.hold(model)
    const wanted = numberFormat ?? this.#suitable.get(model)
    if (!held.ok || wanted === undefined || held.value.numberFormat === wanted) return held
    const before = this.#loads.get(model)
    const { backend } = held.value
    const adapters = this.#adaptersFor(model)
    const outcome = await this.#engine.load({ model, backend, numberFormat: wanted, adapters })
    if (outcome.ok && this.#loads.get(model) === before) this.#replace(model, outcome.value)
    return outcome
  }

  /** Starts the engine anew as asked by hand, which is no loss to tell of. */
  async restart(): Promise<void> {
    await this.#engine.restart()
    this.#loss = undefined
  }

  #replace(model: string, summary: ModelSummary): void {
    const outcome = success(summary)
    this.#loads.set(model, { load: { progress: undefined, outcome }, ended: Promise.resolve(outcome) })
    this.#note(summary)
    if (this.summary?.model === model) this.#status = { kind: 'ready', summary }
  }

  #note(summary: ModelSummary): void {
    this.#summaries = new Map(this.#summaries).set(summary.model, summary)
  }

  #held(model: string, isRetry = false) {
    const held = this.#loads.get(model)
    if (!held) return this.#begin(model, isRetry)
    this.#loads.delete(model)
    this.#loads.set(model, held)
    return held
  }

  /** Lets models go, those first that were asked for longest ago, until what is held fits; jobs of theirs still end. */
  #letGo(newest: string): void {
    let bytes = [...this.#summaries.values()].reduce((sum, { weightsBytes }) => sum + weightsBytes, 0)
    for (const model of [...this.#loads.keys()]) {
      if (bytes <= HELD_BYTES) return
      const summary = this.#summaries.get(model)
      if (!summary || model === newest || model === this.summary?.model) continue
      bytes -= summary.weightsBytes
      this.#loads.delete(model)
      this.#summaries = new Map([...this.#summaries].filter(([name]) => name !== model))
      void this.#engine.free(model)
    }
  }

  #begin(model: string, isRetry: boolean) {
    const load: Load = { progress: undefined, outcome: undefined }
    const ended = this.#finish(model, load, isRetry)
    const begun = { load, ended }
    this.#loads.set(model, begun)
    return begun
  }

  async #finish(model: string, load: Load, isRetry: boolean): Promise<EngineOutcome<ModelSummary>> {
    const backend = this.#backendFor(model)
    const outcome = await this.#engine.load(
      { model, backend, adapters: this.#adaptersFor(model) },
      {
        isRetry,
        onProgress: (progress) => {
          load.progress = progress
          if (this.#status.kind === 'loading' && this.#status.model === model) {
            this.#status = { kind: 'loading', model, progress }
          }
        },
      },
    )
    load.outcome = outcome
    const isNewest = this.#loads.get(model)?.load === load
    if (outcome.ok) this.#suitable.set(model, outcome.value.numberFormat)
    if (outcome.ok && isNewest) {
      this.#note(outcome.value)
      this.#letGo(model)
    }
    if (!outcome.ok && isNewest) this.#loads.delete(model)
    return outcome
  }
}
