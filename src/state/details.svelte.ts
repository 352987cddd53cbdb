import type {
  EngineError,
  EngineOutcome,
  Explanation,
  ModelSummary,
  PromptView,
  TextRequest,
} from '../engine/contract'
import type { EngineClient } from '../engine/engine-client'

export type Loadable<T> =
  | { readonly kind: 'none' }
  | { readonly kind: 'loading' }
  | { readonly kind: 'ready'; readonly value: T }
  | { readonly kind: 'failed'; readonly error: EngineError }

export type LoadModel = (model: string) => Promise<EngineOutcome<ModelSummary>>

/** What is asked of the engine about one row, once somebody opens it. */
export class RowDetails {
  readonly #engine: EngineClient
  readonly #load: LoadModel
  readonly #request: TextRequest
  #prompt = $state.raw<Loadable<PromptView>>({ kind: 'none' })
  #explanation = $state.raw<Loadable<Explanation>>({ kind: 'none' })
  #abort: AbortController | undefined

  constructor(engine: EngineClient, load: LoadModel, request: TextRequest) {
    this.#engine = engine
    this.#load = load
    this.#request = request
  }

  get prompt() {
    return this.#prompt
  }
  get explanation() {
    return this.#explanation
  }

  async askPrompt(): Promise<void> {
    if (this.#prompt.kind === 'loading' || this.#prompt.kind === 'ready') return
    this.#prompt = { kind: 'loading' }
    this.#prompt = settled(await this.#withModel(() => this.#engine.inspect(this.#request)))
  }

  async askExplanation(): Promise<void> {
    if (this.#explanation.kind === 'loading' || this.#explanation.kind === 'ready') return
    const abort = new AbortController()
    this.#abort = abort
    this.#explanation = { kind: 'loading' }
    const outcome = await this.#withModel(() => this.#engine.explain(this.#request, { signal: abort.signal }))
    const isStopped = !outcome.ok && outcome.error.code === 'cancelled'
    this.#explanation = isStopped ? { kind: 'none' } : settled(outcome)
  }

  stopExplanation(): void {
    this.#abort?.abort()
  }

  async #withModel<T>(ask: () => Promise<EngineOutcome<T>>): Promise<EngineOutcome<T>> {
    const loaded = await this.#load(this.#request.model)
    return loaded.ok ? ask() : loaded
  }
}

const settled = <T>(outcome: EngineOutcome<T>): Loadable<T> =>
  outcome.ok ? { kind: 'ready', value: outcome.value } : { kind: 'failed', error: outcome.error }

/** Details by run and row, kept while their run is shown so that reopening a row asks nothing again. */
export class Details {
  readonly #engine: EngineClient
  readonly #load: LoadModel
  readonly #rows = new Map<number, RowDetails>()
  #runId: string | undefined

  constructor(engine: EngineClient, load: LoadModel) {
    this.#engine = engine
    this.#load = load
  }

  /** Ends what is being worked out. */
  stop(): void {
    for (const row of this.#rows.values()) row.stopExplanation()
  }

  of(runId: string, index: number, request: TextRequest): RowDetails {
    if (runId !== this.#runId) {
      this.stop()
      this.#rows.clear()
      this.#runId = runId
    }
    const known = this.#rows.get(index)
    if (known) return known
    const details = new RowDetails(this.#engine, this.#load, request)
    this.#rows.set(index, details)
    return details
  }
}
