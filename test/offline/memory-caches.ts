/** Caches that forget when the test ends. */
const addressOf = (request: RequestInfo | URL): string =>
  request instanceof Request ? request.url : String(request)

class MemoryCache implements Pick<Cache, 'match' | 'put' | 'keys'> {
  private readonly kept = new Map<string, Response>()

  async match(request: RequestInfo | URL): Promise<Response | undefined> {
    return this.kept.get(addressOf(request))?.clone()
  }
  async put(request: RequestInfo | URL, response: Response): Promise<void> {
    this.kept.set(addressOf(request), new Response(await response.arrayBuffer(), response))
  }
  async keys(): Promise<readonly Request[]> {
    return [...this.kept.keys()].map((address) => new Request(address))
  }
}

export class MemoryCaches {
  private readonly opened = new Map<string, MemoryCache>()

  names(): readonly string[] {
    return [...this.opened.keys()]
  }
  async open(name: string): Promise<MemoryCache> {
    const cache = this.opened.get(name) ?? new MemoryCache()
    this.opened.set(name, cache)
    return cache
  }
  async keys(): Promise<string[]> {
    return [...this.opened.keys()]
  }
  async delete(name: string): Promise<boolean> {
    return this.opened.delete(name)
  }
}
