/** One version of the site in the browser's caches. */
import { PAGE_LOCK } from '../../src/offline/contract'
import { addressOf, keepTimeOf, pathBelow, type KeepTime, type SiteFile } from './site-files'
import { headersWith, INTEGRITY, withHeaders } from './with-headers'

type SiteCache = Pick<Cache, 'match' | 'put' | 'keys'>

/** The browser's caches, as far as they are asked. */
export interface SiteCaches extends Pick<CacheStorage, 'keys' | 'delete'> {
  open(name: string): Promise<SiteCache>
}

export interface VersionParts {
  readonly caches: SiteCaches
  readonly fetch: typeof fetch
  /** Address of the site, ending with a slash; another one of the same origin has caches of its own. */
  readonly site: string
  /** All files of this version. */
  readonly files: readonly SiteFile[]
}

export interface KeptVersion {
  /** Keeps files; those that another kept version has the same bytes of are not fetched. Rejects where one cannot be had. */
  keep(files: readonly SiteFile[]): Promise<void>
  /** Files of this version that another kept version has too, whatever their bytes. */
  knownElsewhere(): Promise<readonly SiteFile[]>
  /**
   * Answers a request: with what is kept, for a page of another version also with what that version kept, else from the
   * network. What is noticed on the way to be missing is kept in `meanwhile`.
   */
  answer(request: Request, meanwhile: (work: Promise<void>) => void): Promise<Response>
  /** Removes other versions, except those of which a page is open, told by the locks that are held. */
  tidy(locks: readonly string[]): Promise<void>
}

/** The files that are kept at these times. */
export const filesOf = (files: readonly SiteFile[], ...times: readonly KeepTime[]): readonly SiteFile[] =>
  files.filter((file) => times.includes(keepTimeOf(file)))

/** A path by which a file is known in any version. */
const lastingPath = (path = ''): string => path.replace(/^ort\/[^/]+\//, 'ort/')

export function openVersion({ caches, fetch, site, files }: VersionParts): KeptVersion {
  const prefix = `smallcap ${site} `
  const byPath = new Map(files.map((file) => [file.url, file]))
  const name = integrityOf(new TextEncoder().encode(JSON.stringify(files))).then((hash) => prefix + hash)
  const opened = name.then((own) => caches.open(own))

  async function others(): Promise<readonly { readonly name: string; readonly cache: SiteCache }[]> {
    const own = await name
    const names = (await caches.keys()).filter((each) => each.startsWith(prefix) && each !== own)
    return Promise.all(names.map(async (each) => ({ name: each, cache: await caches.open(each) })))
  }

  async function elsewhere(address: string, integrity?: string): Promise<Response | undefined> {
    for (const { cache } of await others()) {
      const kept = await cache.match(address)
      if (kept && (integrity === undefined || kept.headers.get(INTEGRITY) === integrity)) return kept
    }
    return undefined
  }

  async function put(file: SiteFile, body: BodyInit | null, hosts: Headers): Promise<void> {
    const headers = headersWith(file.url, hosts)
    headers.set(INTEGRITY, file.integrity)
    await (await opened).put(addressOf(site, file), new Response(body, { headers }))
  }

  /** The bytes decide, for a host that is being updated may send files of two versions. */
  async function putFetched(file: SiteFile, response: Response): Promise<void> {
    if (!response.ok) throw new Error(`${file.url} was answered ${response.status}`)
    const bytes = await response.arrayBuffer()
    if ((await integrityOf(bytes)) !== file.integrity)
      throw new Error(`${file.url} is not that of this version`)
    await put(file, bytes, response.headers)
  }

  async function keepOne(file: SiteFile): Promise<void> {
    const address = addressOf(site, file)
    if (await (await opened).match(address)) return
    const kept = await elsewhere(address, file.integrity)
    if (kept) await put(file, kept.body, kept.headers)
    // What the browser has fetched before is asked for again, but comes again only if it changed.
    else await putFetched(file, await fetch(address, { cache: 'no-cache' }))
  }

  return {
    async keep(wanted) {
      await Promise.all(filesOf(wanted, 'at once').map(keepOne))
      // One after the other, for they are large.
      for (const file of filesOf(wanted, 'idle', 'used')) await keepOne(file)
    },
    async knownElsewhere() {
      const kept = await Promise.all((await others()).map(({ cache }) => cache.keys()))
      const paths = new Set(kept.flat().map(({ url }) => lastingPath(pathBelow(site, url))))
      return files.filter(({ url }) => paths.has(lastingPath(url)))
    },
    async answer(request, meanwhile) {
      const path = pathBelow(site, request.url)
      if (path === undefined) return fetch(request)
      const file = byPath.get(path)
      const address = file ? addressOf(site, file) : request.url
      const kept = file ? await (await opened).match(address) : await elsewhere(address)
      if (kept) return kept
      const response = await fetch(request)
      // Of another version's file nothing is kept.
      if (file && response.ok) meanwhile(putFetched(file, response.clone()).catch(() => undefined))
      return withHeaders(path, response)
    },
    async tidy(locks) {
      const open = locks
        .filter((lock) => lock.startsWith(PAGE_LOCK))
        .map((lock) => lock.slice(PAGE_LOCK.length))
        // A page whose script this version has too is served by this one.
        .filter((script) => !byPath.has(pathBelow(site, script) ?? ''))
      for (const { name: other, cache } of await others()) {
        const isInUse = (await Promise.all(open.map((script) => cache.match(script)))).some(Boolean)
        if (!isInUse) await caches.delete(other)
      }
    },
  }
}

/** The hash of bytes as the build lists it. */
async function integrityOf(bytes: BufferSource): Promise<string> {
  const hash = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes))
  return `sha256-${btoa(String.fromCharCode(...hash))}`
}
