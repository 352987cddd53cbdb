import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { headersFor } from '../../scripts/headers.mjs'
import { filesOf, openVersion } from '../../workers/offline/kept-version'
import { pathBelow, type SiteFile } from '../../workers/offline/site-files'
import { MemoryCaches } from './memory-caches'

const SITE = 'https://here/some/path/'

/** A site as it lies on a host: texts by path. */
type Site = Readonly<Record<string, string>>

const SHARED: Site = {
  'assets/files.worker-11111111.js': 'a worker',
  'ort/1.0/ort-wasm-simd-threaded.wasm': 'runtime 1',
  'ort/1.0/ort-wasm-simd-threaded.jspi.wasm': 'runtime 1 for WebGPU',
  'models/catalogue.json': 'list',
  'models/nano/model.json': 'nano',
}
const OLD: Site = { 'index.html': 'old page', 'assets/index-11111111.js': 'old script', ...SHARED }
const NEW: Site = {
  'index.html': 'new page',
  'assets/index-22222222.js': 'new script',
  ...SHARED,
  'models/mini/model.json': 'mini',
}

const listed = (site: Site): SiteFile[] =>
  Object.entries(site).map(([url, text]) => ({
    url,
    integrity: `sha256-${createHash('sha256').update(text).digest('base64')}`,
  }))

function open(site: Site, caches = new MemoryCaches(), host: Site = site) {
  const asked: string[] = []
  const fetchFile = async (request: RequestInfo | URL): Promise<Response> => {
    const address = request instanceof Request ? request.url : String(request)
    const path = pathBelow(SITE, address) ?? ''
    asked.push(path)
    const text = host[path]
    return text === undefined
      ? new Response(null, { status: 404 })
      : new Response(text, { headers: { 'Content-Encoding': 'br', ETag: '"1"' } })
  }
  const files = listed(site)
  const version = openVersion({ caches, fetch: fetchFile, site: SITE, files })
  const ask = async (path: string): Promise<Response> => {
    const meanwhile: Promise<void>[] = []
    const response = await version.answer(new Request(SITE + path), (work) => void meanwhile.push(work))
    await Promise.all(meanwhile)
    return response
  }
  return { version, files, asked, caches, ask }
}

describe('what is kept', () => {
  it('is the page at once, what predictions take when idle, the rest when it is used', () => {
    const paths = (...times: Parameters<typeof filesOf> extends [unknown, ...infer T] ? T : never) =>
      filesOf(listed(OLD), ...times).map(({ url }) => url)
    expect(paths('at once')).toEqual([
      'index.html',
      'assets/index-11111111.js',
      'assets/files.worker-11111111.js',
      'models/catalogue.json',
    ])
    expect(paths('idle')).toEqual(['ort/1.0/ort-wasm-simd-threaded.wasm', 'models/nano/model.json'])
    expect(paths('used')).toEqual(['ort/1.0/ort-wasm-simd-threaded.jspi.wasm'])
  })

  it('is answered without the host, under the headers of the one table', async () => {
    const { version, files, asked, ask } = open(OLD)
    await version.keep(files)
    asked.length = 0
    for (const path of ['', 'index.html', '?source=pwa', 'assets/files.worker-11111111.js']) {
      const response = await ask(path)
      const own = headersFor(path.startsWith('assets/') ? `/${path}` : '/index.html')
      for (const [name, value] of Object.entries(own)) expect(response.headers.get(name), path).toBe(value)
      expect(response.headers.get('Content-Encoding')).toBeNull()
      expect(await response.text()).toBe(path.startsWith('assets/') ? 'a worker' : 'old page')
    }
    expect(asked).toEqual([])
  })

  it('is never what the host sends of another version', async () => {
    const { version, files, ask } = open(OLD, new MemoryCaches(), NEW)
    const page = files.filter(({ url }) => url === 'index.html')
    await expect(version.keep(page)).rejects.toThrow('index.html is not that of this version')
    // Who asked gets it all the same, and the next one what the host then has.
    expect(await (await ask('')).text()).toBe('new page')
    expect(await (await ask('assets/index-22222222.js')).text()).toBe('new script')
  })

  it('can be had from the host under the same headers, and is kept from then on', async () => {
    const { asked, ask } = open(OLD)
    const worker = 'assets/files.worker-11111111.js'
    for (let round = 0; round < 2; round += 1) {
      const response = await ask(worker)
      expect(response.headers.get('Content-Security-Policy')).toContain("connect-src 'none'")
      expect(await response.text()).toBe('a worker')
    }
    expect((await ask('missing')).status).toBe(404)
    expect(asked).toEqual([worker, 'missing'])
  })
})

describe('a newer version', () => {
  async function update() {
    const caches = new MemoryCaches()
    const old = open(OLD, caches)
    await old.version.keep(filesOf(old.files, 'at once', 'idle'))
    const next = open(NEW, caches)
    await next.version.keep(filesOf(next.files, 'at once'))
    await next.version.keep(await next.version.knownElsewhere())
    return { caches, next }
  }

  it('fetches what changed, and keeps all that the one before it had', async () => {
    const { next } = await update()
    expect(next.asked.sort()).toEqual(['assets/index-22222222.js', 'index.html'])
    next.asked.length = 0
    for (const path of ['', 'models/nano/model.json', 'ort/1.0/ort-wasm-simd-threaded.wasm'])
      expect((await next.ask(path)).ok).toBe(true)
    expect(next.asked).toEqual([])
  })

  it('knows the runtime again in the folder of another version', async () => {
    const caches = new MemoryCaches()
    const old = open(OLD, caches)
    await old.version.keep(old.files)
    const changed = { 'ort/2.0/ort-wasm-simd-threaded.jspi.wasm': 'runtime 2 for WebGPU' }
    expect((await open(changed, caches).version.knownElsewhere()).map(({ url }) => url)).toEqual(
      Object.keys(changed),
    )
  })

  it('serves pages of the old one with its files, and lets them go once none is open', async () => {
    const { caches, next } = await update()
    const locks = (script: string) => ['other', `smallcap page ${SITE}assets/${script}`]
    await caches.open('of something else')
    await next.version.tidy([...locks('index-11111111.js'), ...locks('index-22222222.js')])
    expect(caches.names()).toHaveLength(3)
    expect(await (await next.ask('assets/index-11111111.js')).text()).toBe('old script')
    expect(next.asked).not.toContain('assets/index-11111111.js')
    await next.version.tidy(locks('index-22222222.js'))
    expect(caches.names()).toHaveLength(2)
    expect(caches.names()).toContain('of something else')
  })
})

it('knows what lies below the site only', () => {
  expect(pathBelow(SITE, 'https://here/some/path/models/a.json?b#c')).toBe('models/a.json')
  expect(pathBelow(SITE, 'https://here/some/path/')).toBe('index.html')
  for (const address of ['https://here/some/', 'https://here/some/pathology/a', 'https://there/some/path/a'])
    expect(pathBelow(SITE, address)).toBeUndefined()
})
