import type { TabsParts } from '../../workers/store/tabs'

interface Waiting {
  readonly tab: Tab
  readonly grant: () => void
}

/** A browser's locks and channel, shared by the tabs that are opened in it. */
export class Tabs {
  private readonly holders = new Map<string, Tab>()
  private readonly waiting = new Map<string, Waiting[]>()
  private readonly open = new Set<Tab>()

  openTab(): Tab {
    const tab = new Tab(this)
    this.open.add(tab)
    return tab
  }

  /** Ends a tab as a crash does: its locks are free, and nothing of it is heard any more. */
  kill(tab: Tab): void {
    this.open.delete(tab)
    for (const [name, queue] of this.waiting)
      this.waiting.set(
        name,
        queue.filter((each) => each.tab !== tab),
      )
    for (const [name, holder] of this.holders) if (holder === tab) this.release(name)
  }

  isOpen(tab: Tab): boolean {
    return this.open.has(tab)
  }

  othersOf(tab: Tab): readonly Tab[] {
    return [...this.open].filter((each) => each !== tab)
  }

  heldNames(): readonly string[] {
    return [...this.holders.keys()]
  }

  isHeld(name: string): boolean {
    return this.holders.has(name)
  }

  async acquire(tab: Tab, name: string, signal: AbortSignal | undefined): Promise<void> {
    signal?.throwIfAborted()
    if (!this.holders.has(name)) {
      this.holders.set(name, tab)
      return
    }
    await new Promise<void>((resolve, reject) => {
      const queue = this.waiting.get(name) ?? []
      const mine: Waiting = { tab, grant: resolve }
      this.waiting.set(name, [...queue, mine])
      signal?.addEventListener('abort', () => {
        this.waiting.set(
          name,
          (this.waiting.get(name) ?? []).filter((each) => each !== mine),
        )
        reject(new DOMException('aborted', 'AbortError'))
      })
    })
  }

  release(name: string): void {
    const [next, ...rest] = this.waiting.get(name) ?? []
    this.waiting.set(name, rest)
    if (!next) return void this.holders.delete(name)
    this.holders.set(name, next.tab)
    next.grant()
  }

  holderOf(name: string): Tab | undefined {
    return this.holders.get(name)
  }
}

/** What one tab's store gets. */
export class Tab implements TabsParts {
  private listener: (message: unknown) => void = () => undefined
  readonly channel = {
    send: (message: unknown) => {
      for (const other of this.tabs.othersOf(this))
        setTimeout(() => {
          if (this.tabs.isOpen(other)) other.hear(structuredClone(message))
        })
    },
    listen: (listener: (message: unknown) => void) => {
      this.listener = listener
    },
  }
  readonly locks: TabsParts['locks'] = {
    request: async (name, { ifAvailable, signal }, work) => {
      if (ifAvailable && this.tabs.isHeld(name)) return work(null)
      await this.tabs.acquire(this, name, signal)
      try {
        return await work({ name, mode: 'exclusive' })
      } finally {
        if (this.tabs.holderOf(name) === this) this.tabs.release(name)
      }
    },
    query: () => Promise.resolve({ held: this.tabs.heldNames().map((name) => ({ name })), pending: [] }),
  }

  constructor(private readonly tabs: Tabs) {}

  hear(message: unknown): void {
    this.listener(message)
  }
}
