import type { EngineClient } from '../engine/engine-client'
import type {
  Backend,
  EngineError,
  EngineOutcome,
  LoadProgress,
  ModelSummary,
  Survey,
} from '../engine/contract'

export type LoaderStatus =
  | { readonly kind: 'none' }
  | { readonly kind: 'loading'; readonly model: string; readonly progress: LoadProgress | undefined }
  | { readonly kind: 'ready'; readonly summary: ModelSummary }
  | { readonly kind: 'failed'; readonly model: string; readonly error: EngineError }

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
  /** By model; a failed load is forgotten so that it can be tried again. */
  readonly #loads = new Map<
    string,
    { readonly load: Load; readonly ended: Promise<EngineOutcome<ModelSummary>> }
  >()
  /** Number of the newest request: `status` tells of no other, whichever load ends last. */
  #request = 0

  readonly #backendFor: (model: string) => Backend

  /** @param backendFor where a model is to run when it is loaded next */
  constructor(engine: EngineClient, backendFor: (model: string) => Backend = () => 'wasm') {
    this.#engine = engine
    this.#backendFor = backendFor
    engine.onLost((reason) => {
      const held = this.#status
      this.#loads.clear()
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

  async look(): Promise<void> {
    const outcome = await this.#engine.survey()
    if (outcome.ok) this.#survey = outcome.value
  }

  /** Loads `model` unless the engine holds it already, and makes it the one that `status` tells about. */
  async ensure(model: string, isRetry = false): Promise<EngineOutcome<ModelSummary>> {
    const request = ++this.#request
    const { load, ended } = this.#loads.get(model) ?? this.#begin(model, isRetry)
    if (!load.outcome) this.#status = { kind: 'loading', model, progress: load.progress }
    const outcome = load.outcome ?? (await ended)
    if (request === this.#request) {
      this.#status = outcome.ok
        ? { kind: 'ready', summary: outcome.value }
        : { kind: 'failed', model, error: outcome.error }
    }
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
    const load: Load = { progress: undefined, outcome: undefined }
    const outcome = await this.#engine.load({ model, backend })
    load.outcome = outcome
    if (!outcome.ok || this.#loads.get(model) !== before) return outcome
    this.#loads.set(model, { load, ended: Promise.resolve(outcome) })
    if (this.summary?.model === model) this.#status = { kind: 'ready', summary: outcome.value }
    return outcome
  }

  /** Starts the engine anew as asked by hand, which is no loss to tell of. */
  async restart(): Promise<void> {
    await this.#engine.restart()
    this.#loss = undefined
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
      { model, backend },
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
    if (!outcome.ok && this.#loads.get(model)?.load === load) this.#loads.delete(model)
    return outcome
  }
}
