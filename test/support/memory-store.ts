import type { Added, RecordStore } from '../../src/storage/record-store'

/** A record store that forgets when the test ends; it notes every write and can refuse like a private window. */
export class MemoryStore implements RecordStore {
  readonly records = new Map<string, unknown>()
  readonly writes: ReadonlyMap<string, unknown>[] = []
  isRefusing = false
  /** The key that cannot be read, though all else can. */
  unreadable: string | undefined

  read(key: string): Promise<unknown> {
    if (this.isRefusing || key === this.unreadable)
      return Promise.reject(new DOMException('refused', 'InvalidStateError'))
    return Promise.resolve(structuredClone(this.records.get(key)))
  }

  readAll(keys: readonly string[]): Promise<readonly unknown[]> {
    return Promise.all(keys.map((key) => this.read(key)))
  }

  async keysBelow(prefix: string): Promise<readonly string[]> {
    return [...(await this.readBelow(prefix)).keys()]
  }

  readBelow(prefix: string): Promise<ReadonlyMap<string, unknown>> {
    if (this.isRefusing) return Promise.reject(new DOMException('refused', 'InvalidStateError'))
    const keys = [...this.records.keys()].filter((key) => key.startsWith(prefix)).sort()
    return Promise.resolve(new Map(keys.map((key) => [key, structuredClone(this.records.get(key))])))
  }

  async addStrict(entries: ReadonlyMap<string, unknown>): Promise<Added> {
    await Promise.resolve()
    if (this.isRefusing) return 'refused'
    if ([...entries.keys()].some((key) => this.records.has(key))) return 'exists'
    for (const [key, value] of entries) this.records.set(key, structuredClone(value))
    return 'stored'
  }

  async change<T>(key: string, change: (stored: unknown) => T): Promise<T> {
    await Promise.resolve()
    if (this.isRefusing) throw new DOMException('refused', 'QuotaExceededError')
    const changed = change(structuredClone(this.records.get(key)))
    if (changed === undefined) this.records.delete(key)
    else this.records.set(key, structuredClone(changed))
    return changed
  }

  /** As a database does that is told to delete below a key. */
  #delete(key: string): void {
    this.records.delete(key)
    if (!key.endsWith('/')) return
    for (const name of [...this.records.keys()].filter((name) => name.startsWith(key)))
      this.records.delete(name)
  }

  async writeAll(entries: ReadonlyMap<string, unknown>): Promise<void> {
    await Promise.resolve()
    if (this.isRefusing) throw new DOMException('refused', 'QuotaExceededError')
    this.writes.push(entries)
    for (const [key, value] of entries) {
      if (value === undefined) this.#delete(key)
      else this.records.set(key, structuredClone(value))
    }
  }
}
