import { failure } from '../domain/outcome'
import type { PutAdapter } from '../engine/adapters'
import type { EngineError, EngineOutcome, ModelSummary } from '../engine/contract'
import type { EngineClient } from '../engine/engine-client'
import { ADAPTERS_KEY, adaptersSchema, type AdaptersRecord, type Put } from '../storage/adapters-record'
import type { Workspace } from '../storage/workspace'
import type { StoredModel, StoredModelId } from '../store/contract'
import type { ModelLoader } from './model-loader.svelte'

export interface AdaptersParts {
  readonly engine: EngineClient
  readonly loader: ModelLoader
  readonly workspace: Workspace
  readonly saved: AdaptersRecord | undefined
}

/** How the last attempt to put an adapter on a model stands. */
export type Putting =
  | { readonly kind: 'loading'; readonly model: string }
  | { readonly kind: 'done'; readonly model: string }
  | { readonly kind: 'failed'; readonly model: string; readonly error: EngineError }

/** Which stored adapters are put on which models; whoever loads a model gets them with it. */
export class Adapters {
  readonly #parts: AdaptersParts
  #lastChange: Promise<void> = Promise.resolve()
  #puts = $state.raw<readonly Put[]>([])
  #putting = $state.raw<ReadonlyMap<StoredModelId, Putting>>(new Map())

  constructor(parts: AdaptersParts) {
    this.#parts = parts
    this.#puts = parts.saved?.puts ?? []
  }

  get puts() {
    return this.#puts
  }

  /** Where a stored adapter is put. */
  putsOf(stored: StoredModelId): readonly Put[] {
    return this.#puts.filter((put) => put.stored === stored)
  }

  puttingOf(stored: StoredModelId): Putting | undefined {
    return this.#putting.get(stored)
  }

  /** What a load of a model is to bring with it. */
  of(model: string): readonly PutAdapter[] {
    return this.#puts.flatMap((put) => (put.model === model ? [asked(put)] : []))
  }

  /** Puts a stored adapter on a model, which is loaded for that and checks it; what does not fit is not remembered. */
  async put(model: string, adapter: Pick<StoredModel, 'id' | 'name'>): Promise<void> {
    this.#note(adapter.id, { kind: 'loading', model })
    const outcome = await this.#put(model, adapter)
    this.#note(
      adapter.id,
      outcome.ok ? { kind: 'done', model } : { kind: 'failed', model, error: outcome.error },
    )
  }

  /** Once more those of a model that could not be put back with it; its summary tells what came of it. */
  async tryAgain(model: string): Promise<void> {
    const { engine, loader } = this.#parts
    await loader.adapt(model, () => {
      const backend = loader.summaryOf(model)?.backend ?? 'wasm'
      return engine.load({ model, backend, adapters: this.of(model) })
    })
  }

  async takeOff(put: Put): Promise<void> {
    this.#note(put.stored, undefined)
    await this.#change((puts) => puts.filter((each) => !isSame(each, put)))
    const { engine, loader } = this.#parts
    const { model, name: adapter } = put
    // A model that is loaded later comes without it.
    if (loader.summaryOf(model)?.adapters.includes(adapter))
      await loader.adapt(model, () => engine.removeAdapter({ model, adapter }))
  }

  /** Takes off adapters that are not stored any more. */
  async keepOnly(stored: readonly Pick<StoredModel, 'id'>[]): Promise<void> {
    const gone = this.#puts.filter((put) => !stored.some(({ id }) => id === put.stored))
    for (const put of gone) await this.takeOff(put)
  }

  async #put(
    model: string,
    { id, name }: Pick<StoredModel, 'id' | 'name'>,
  ): Promise<EngineOutcome<ModelSummary>> {
    const { engine, loader } = this.#parts
    const loaded = await loader.hold(model)
    if (!loaded.ok) return loaded
    const others = (await this.#stored()).filter((each) => each.model === model)
    if (others.some((each) => each.stored === id))
      return failure({ code: 'invalid-request', message: `${name} is on this model already.` })
    const taken = [...loaded.value.adapters, ...others.map((each) => each.name)]
    const put = { model, stored: id, name: freeName(name, taken) }
    const outcome = await loader.adapt(model, () => engine.addAdapter({ model, ...asked(put) }))
    if (outcome.ok) await this.#change((puts) => [...puts.filter((each) => !isSame(each, put)), put])
    return outcome
  }

  /** Begins with what is stored, which another tab may have changed. */
  async #change(change: (puts: readonly Put[]) => readonly Put[]): Promise<void> {
    const { workspace } = this.#parts
    const done = this.#lastChange.then(async () => {
      this.#puts = change(await this.#stored())
      const record: AdaptersRecord = { version: 1, puts: [...this.#puts] }
      await workspace.write({ [ADAPTERS_KEY]: record })
    })
    this.#lastChange = done
    await done
  }

  async #stored(): Promise<readonly Put[]> {
    const { value } = await this.#parts.workspace.read(ADAPTERS_KEY, adaptersSchema)
    return value?.puts ?? this.#puts
  }

  #note(stored: StoredModelId, putting: Putting | undefined): void {
    const next = new Map(this.#putting)
    if (putting) next.set(stored, putting)
    else next.delete(stored)
    this.#putting = next
  }
}

const isSame = (a: Put, b: Put): boolean => a.model === b.model && a.name === b.name

const asked = ({ name, stored }: Put): PutAdapter => ({
  adapter: name,
  origin: { kind: 'stored', model: stored },
})

/** `base` is what runs call the model itself. */
function freeName(name: string, taken: readonly string[]): string {
  const isFree = (each: string) => each !== 'base' && !taken.includes(each)
  let free = name
  for (let number = 2; !isFree(free); number += 1) free = `${name} (${number})`
  return free
}
