/** Works on up to `width` items at once; the first failure ends all of it, and is thrown once nothing is under way. */
export async function together<T>(
  items: readonly T[],
  width: number,
  signal: AbortSignal,
  work: (item: T, signal: AbortSignal) => Promise<void>,
): Promise<void> {
  const ended = new AbortController()
  const queue = [...items]
  const each = async () => {
    for (let item = queue.shift(); item !== undefined; item = queue.shift()) {
      signal.throwIfAborted()
      await work(item, AbortSignal.any([signal, ended.signal]))
    }
  }
  const failures: unknown[] = []
  const lines = Array.from({ length: width }, () =>
    each().catch((error: unknown) => {
      failures.push(error)
      queue.length = 0
      ended.abort()
    }),
  )
  await Promise.all(lines)
  if (failures.length > 0) throw failures[0]
}
