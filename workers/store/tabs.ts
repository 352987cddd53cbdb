/** Several tabs, one database: who works on a model, and what the others hear of it. */
import type { StoredModelId, StoreProgress } from '../../src/store/contract'

export type StopReason = 'paused' | 'cancelled'

type Message =
  | { readonly kind: 'progress'; readonly progress: StoreProgress }
  | { readonly kind: 'stop'; readonly model: StoredModelId; readonly reason: StopReason }

/** What the browser gives for it; tests give another. */
export interface TabsParts {
  /** `navigator.locks`, as far as it is used. */
  readonly locks: {
    request<T>(name: string, options: LockOptions, work: (lock: Lock | null) => Promise<T>): Promise<T>
    query(): Promise<LockManagerSnapshot>
  }
  /** To the other tabs' stores, and from them. */
  readonly channel: {
    send(message: unknown): void
    listen(listener: (message: unknown) => void): void
  }
}

const lockPrefix = 'smallcap model '

export class Tabs {
  private readonly listeners = new Set<(message: Message) => void>()

  constructor(private readonly parts: TabsParts) {
    parts.channel.listen((data) => {
      const message = readMessage(data)
      if (message) for (const listener of this.listeners) listener(message)
    })
  }

  /** Tells this tab's listeners and those of all others. */
  tell(message: Message): void {
    for (const listener of this.listeners) listener(message)
    this.parts.channel.send(message)
  }

  /** @returns what ends the listening */
  listen(listener: (message: Message) => void): () => void {
    this.listeners.add(listener)
    return () => this.listeners.delete(listener)
  }

  /**
   * Runs `work` while nobody else works on the model, here or in another tab; a tab that is closed or dies gives way.
   * `hadToWait` says that somebody did before. Rejects with the signal's reason when it is aborted while waiting.
   */
  async alone<T>(
    model: StoredModelId,
    signal: AbortSignal,
    work: (hadToWait: boolean) => Promise<T>,
  ): Promise<T> {
    const { locks } = this.parts
    const name = lockPrefix + model
    const atOnce = await locks.request(name, { ifAvailable: true }, async (lock) =>
      lock ? { result: await work(false) } : undefined,
    )
    if (atOnce) return atOnce.result
    return locks.request(name, { signal }, () => work(true))
  }

  /** The models that somebody works on. */
  async busy(): Promise<ReadonlySet<StoredModelId>> {
    const { held = [] } = await this.parts.locks.query()
    return new Set(
      held.flatMap(({ name = '' }) => (name.startsWith(lockPrefix) ? [name.slice(lockPrefix.length)] : [])),
    )
  }
}

/** Another version of the page may speak on the same channel. */
function readMessage(data: unknown): Message | undefined {
  if (typeof data !== 'object' || data === null || !('kind' in data)) return undefined
  if (data.kind === 'stop' && 'model' in data && 'reason' in data) {
    const { model, reason } = data
    if (typeof model === 'string' && (reason === 'paused' || reason === 'cancelled'))
      return { kind: 'stop', model, reason }
  }
  if (data.kind === 'progress' && 'progress' in data && isProgress(data.progress))
    return { kind: 'progress', progress: data.progress }
  return undefined
}

const isProgress = (value: unknown): value is StoreProgress =>
  typeof value === 'object' &&
  value !== null &&
  'model' in value &&
  typeof value.model === 'string' &&
  'doneBytes' in value &&
  typeof value.doneBytes === 'number' &&
  'totalBytes' in value &&
  typeof value.totalBytes === 'number'
