/** Works on up to `width` items at once and gives the results in the items' order; what is under way is ended with it. */
export async function* inOrder<T, R>(
  items: Iterable<T>,
  width: number,
  work: (item: T, signal: AbortSignal) => Promise<R>,
): AsyncGenerator<R> {
  const ended = new AbortController()
  const underWay: Promise<R>[] = []
  const take = () => {
    const result = underWay.shift()
    if (!result) throw new Error('nothing is under way')
    return result
  }
  try {
    for (const item of items) {
      const result = work(item, ended.signal)
      // It is looked at when its turn comes; until then its failure is not unhandled.
      result.catch(() => undefined)
      underWay.push(result)
      if (underWay.length === width) yield await take()
    }
    while (underWay.length > 0) yield await take()
  } finally {
    ended.abort()
  }
}
