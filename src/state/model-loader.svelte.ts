import type { EngineClient } from '../engine/engine-client'
import type { EngineError, EngineOutcome, LoadProgress, ModelSummary, Survey } from '../engine/contract'

export type LoaderStatus =
  | { readonly kind: 'none' }
  | { readonly kind: 'loading'; readonly model: string; readonly progress: LoadProgress | undefined }
  | { readonly kind: 'ready'; readonly summary: ModelSummary }
  | { readonly kind: 'failed'; readonly model: string; readonly error: EngineError }

/** Which models the engine holds, and how far the newest load is. */
export class ModelLoader {
  readonly #engine: EngineClient
  #status = $state.raw<LoaderStatus>({ kind: 'none' })
  #survey = $state.raw<Survey>()
  /** Sentence about the last time the engine died, until a model is ready again. */
  #loss = $state.raw<string>()
  /** Loads under way or done; a failed one is forgotten so that it can be tried again. */
  readonly #loads = new Map<string, Promise<EngineOutcome<ModelSummary>>>()

  constructor(engine: EngineClient) {
    this.#engine = engine
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
  async ensure(model: string): Promise<EngineOutcome<ModelSummary>> {
    const known = this.#loads.get(model)
    const load = known ?? this.#load(model)
    if (known === undefined) this.#loads.set(model, load)
    const outcome = await load
    const isCurrent = this.#loads.get(model) === load
    if (outcome.ok && isCurrent) this.#status = { kind: 'ready', summary: outcome.value }
    if (!outcome.ok && (isCurrent || outcome.error.code === 'worker-lost')) {
      this.#loads.delete(model)
      this.#status = { kind: 'failed', model, error: outcome.error }
    }
    return outcome
  }

  #load(model: string): Promise<EngineOutcome<ModelSummary>> {
    this.#status = { kind: 'loading', model, progress: undefined }
    return this.#engine.load(
      { model, numberFormat: 'int8' },
      {
        onProgress: (progress) => {
          if (this.#status.kind === 'loading' && this.#status.model === model) {
            this.#status = { kind: 'loading', model, progress }
          }
        },
      },
    )
  }
}
