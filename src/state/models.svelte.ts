import type {
  Inspection,
  ModelChoice,
  ModelPlace,
  PickedFile,
  StoredModel,
  StoredModelId,
  StoreError,
  StoreOutcome,
  StoreProgress,
  StoreUsage,
} from '../store/contract'
import type { ProgressOptions, StoreClient } from '../store/store-client'
import { MODELS_KEY, type ModelsRecord, type UsableModel } from '../storage/models-record'
import type { Workspace } from '../storage/workspace'

/** What was looked for, and what was there; `from` names the part of the page that asked, which shows it. */
export type Finding =
  | { readonly kind: 'none' }
  | { readonly kind: 'looking'; readonly from: string; readonly name: string }
  | {
      readonly kind: 'found'
      readonly from: string
      readonly name: string
      readonly inspection: Inspection
      readonly files: readonly PickedFile[] | undefined
    }
  | { readonly kind: 'failed'; readonly from: string; readonly name: string; readonly error: StoreError }

/** What is being done with a stored model in this tab. */
export interface Work {
  readonly kind: 'downloading' | 'verifying' | 'exporting' | 'importing'
  readonly progress: StoreProgress | undefined
}

/** What is said of a model after something was done with it. */
export type Said =
  { readonly kind: 'done'; readonly words: string } | { readonly kind: 'error'; readonly error: StoreError }

/** An import has no model's name before it is read. */
export const IMPORT = 'import'

/** The models stored in this browser, and those that are looked for to be stored. */
export class Models {
  readonly #store: StoreClient
  readonly #workspace: Workspace
  #usable = $state.raw<readonly UsableModel[]>([])
  #stored = $state.raw<readonly StoredModel[]>()
  #usage = $state.raw<StoreUsage>()
  #trouble = $state.raw<StoreError>()
  #finding = $state.raw<Finding>({ kind: 'none' })
  #work = $state.raw<ReadonlyMap<string, Work>>(new Map())
  #said = $state.raw<ReadonlyMap<string, Said>>(new Map())
  /** Ends what is under way, by model. */
  readonly #aborts = new Map<string, AbortController>()
  #looking = new AbortController()
  /** Number of the newest refresh: answers to older ones are dropped. */
  #refresh = 0

  readonly #onListed: (stored: readonly StoredModel[]) => void

  /** @param onListed is told of all that is stored whenever that was read */
  constructor(
    store: StoreClient,
    workspace: Workspace,
    saved: ModelsRecord | undefined,
    onListed: (stored: readonly StoredModel[]) => void = () => undefined,
  ) {
    this.#store = store
    this.#onListed = onListed
    this.#workspace = workspace
    this.#usable = saved?.models ?? []
  }

  /** Complete ones that can be picked for a run. */
  get usable() {
    return this.#usable
  }
  /** All there are, newest first; undefined before they were listed. */
  get stored() {
    return this.#stored
  }
  get usage() {
    return this.#usage
  }
  /** Why they could not be listed. */
  get trouble() {
    return this.#trouble
  }
  get finding() {
    return this.#finding
  }
  workOn(model: string): Work | undefined {
    return this.#work.get(model)
  }
  saidOf(model: string): Said | undefined {
    return this.#said.get(model)
  }
  /** Another tab is storing something, which is to be looked at again. */
  readonly isFollowing: boolean = $derived.by(
    () =>
      this.#stored?.some(({ id, state }) => state.phase === 'downloading' && !this.#work.has(id)) ?? false,
  )

  /** Reads anew what is stored and how much room there is. */
  async refresh(): Promise<void> {
    const refresh = (this.#refresh += 1)
    const [stored, usage] = await Promise.all([this.#store.list(), this.#store.usage()])
    if (refresh < this.#refresh) return
    if (usage.ok) this.#usage = usage.value
    this.#trouble = stored.ok ? undefined : stored.error
    if (!stored.ok) return
    this.#stored = stored.value
    this.#onListed(stored.value)
    const usable = stored.value.flatMap(usableOf)
    if (JSON.stringify(usable) === JSON.stringify(this.#usable)) return
    this.#usable = usable
    const record: ModelsRecord = { version: 1, models: [...usable] }
    void this.#workspace.write({ [MODELS_KEY]: record })
  }

  /** Looks at what is at a place; the newest look counts. */
  async look(from: string, name: string, place: ModelPlace): Promise<void> {
    this.#looking.abort()
    const looking = (this.#looking = new AbortController())
    this.#finding = { kind: 'looking', from, name }
    const outcome = await this.#store.inspect(place, { signal: looking.signal })
    if (this.#looking !== looking) return
    const files = place.kind === 'files' ? place.files : undefined
    if (outcome.ok) this.#finding = { kind: 'found', from, name, inspection: outcome.value, files }
    else if (outcome.error.code === 'cancelled') this.#finding = { kind: 'none' }
    else this.#finding = { kind: 'failed', from, name, error: outcome.error }
  }

  /** Stops looking, or forgets what was found. */
  dismiss(): void {
    this.#looking.abort()
    this.#looking = new AbortController()
    this.#finding = { kind: 'none' }
  }

  /** Stores what was found, as chosen. */
  async take(choice: ModelChoice): Promise<void> {
    if (this.#finding.kind !== 'found') return
    const { inspection, files } = this.#finding
    this.#finding = { kind: 'none' }
    await this.#do(choice.model, 'downloading', (options) =>
      this.#store.download({ inspection, choice, ...(files && { files }) }, options),
    )
  }

  async resume(model: StoredModelId): Promise<void> {
    await this.#do(model, 'downloading', (options) => this.#store.resume(model, options))
  }

  /** Holds a download, in whichever tab it runs. */
  async pause(model: StoredModelId): Promise<void> {
    await this.#store.pause(model)
    await this.refresh()
  }

  /** Stops verifying or exporting. */
  stop(model: string): void {
    this.#aborts.get(model)?.abort()
  }

  async remove(model: StoredModelId): Promise<void> {
    const outcome = await this.#store.remove(model)
    if (!outcome.ok) this.#say(model, { kind: 'error', error: outcome.error })
    await this.refresh()
  }

  async removeAll(): Promise<void> {
    const outcome = await this.#store.removeAll()
    if (!outcome.ok) this.#trouble = outcome.error
    await this.refresh()
  }

  async verify(model: StoredModelId): Promise<void> {
    const outcome = await this.#do(model, 'verifying', (options) => this.#store.verify(model, options))
    if (!outcome.ok) return
    const { damaged } = outcome.value
    const words =
      damaged.length === 0
        ? 'Every byte is as it was published.'
        : `Damaged and let go: ${damaged.join(', ')}. Download them again.`
    this.#say(model, { kind: 'done', words })
  }

  /** A model as a file to carry elsewhere; undefined where it could not be made, which is said beside it. */
  async exportModel(model: StoredModelId): Promise<Blob | undefined> {
    const outcome = await this.#do(model, 'exporting', (options) => this.#store.exportModel(model, options))
    return outcome.ok ? outcome.value : undefined
  }

  async importModel(file: Blob): Promise<void> {
    const outcome = await this.#do(IMPORT, 'importing', (options) => this.#store.importModel(file, options))
    if (outcome.ok) this.#say(IMPORT, { kind: 'done', words: `${outcome.value.name} is stored.` })
  }

  async persist(): Promise<void> {
    await this.#store.persist()
    await this.refresh()
  }

  async #do<T>(
    model: string,
    kind: Work['kind'],
    work: (options: ProgressOptions) => Promise<StoreOutcome<T>>,
  ): Promise<StoreOutcome<T>> {
    const abort = new AbortController()
    this.#aborts.set(model, abort)
    this.#say(model, undefined)
    this.#note(model, { kind, progress: undefined })
    let isListed = false
    const onProgress = (progress: StoreProgress): void => {
      this.#note(model, { kind, progress })
      // A download is in the list from its first byte on.
      if (!isListed && kind === 'downloading') void this.refresh()
      isListed = true
    }
    const outcome = await work({ signal: abort.signal, onProgress })
    this.#aborts.delete(model)
    this.#note(model, undefined)
    if (!outcome.ok && !['paused', 'cancelled'].includes(outcome.error.code))
      this.#say(model, { kind: 'error', error: outcome.error })
    await this.refresh()
    return outcome
  }

  #note(model: string, work: Work | undefined): void {
    this.#work = changed(this.#work, model, work)
  }
  #say(model: string, said: Said | undefined): void {
    this.#said = changed(this.#said, model, said)
  }
}

function changed<T>(map: ReadonlyMap<string, T>, key: string, value: T | undefined): ReadonlyMap<string, T> {
  const next = new Map(map)
  if (value === undefined) next.delete(key)
  else next.set(key, value)
  return next
}

function usableOf({
  id,
  name,
  origin,
  kind,
  numberFormat,
  parameters,
  storedBytes,
  state,
}: StoredModel): UsableModel[] {
  if (state.phase !== 'complete' || kind === 'adapter' || origin.kind === 'page') return []
  return [{ id, name, kind, numberFormat, parameters: parameters ?? 0, downloadBytes: storedBytes }]
}
