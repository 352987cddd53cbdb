import type { RecordStore } from '../../src/storage/record-store'

/** A record store that forgets when the test ends; it notes every write and can refuse like a private window. */
export class MemoryStore implements RecordStore {
  readonly records = new Map<string, unknown>()
  readonly writes: ReadonlyMap<string, unknown>[] = []
  isRefusing = false

  read(key: string): Promise<unknown> {
    if (this.isRefusing) return Promise.reject(new DOMException('refused', 'InvalidStateError'))
    return Promise.resolve(structuredClone(this.records.get(key)))
  }

  async writeAll(entries: ReadonlyMap<string, unknown>): Promise<void> {
    await Promise.resolve()
    if (this.isRefusing) throw new DOMException('refused', 'QuotaExceededError')
    this.writes.push(entries)
    for (const [key, value] of entries) {
      if (value === undefined) this.records.delete(key)
      else this.records.set(key, structuredClone(value))
    }
  }
}
