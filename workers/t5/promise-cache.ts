/** Remembers the promise of each key's value, so that concurrent callers share the work; a failed one is forgotten. */
export class PromiseCache<Key, Value> {
  private readonly promises = new Map<Key, Promise<Value>>()

  get(key: Key, make: () => Promise<Value>): Promise<Value> {
    const known = this.promises.get(key)
    if (known) return known
    const made = make()
    this.promises.set(key, made)
    made.catch(() => {
      if (this.promises.get(key) === made) this.promises.delete(key)
    })
    return made
  }

  /** Forgets the keys that are not to be kept, and gives what was remembered under them. */
  takeUnless(isKept: (key: Key) => boolean): readonly Promise<Value>[] {
    const taken = [...this.promises].filter(([key]) => !isKept(key))
    for (const [key] of taken) this.promises.delete(key)
    return taken.map(([, promise]) => promise)
  }

  /** The values that were or will be made without failing. */
  async settled(): Promise<Value[]> {
    const results = await Promise.allSettled(this.promises.values())
    return results.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []))
  }
}
