/** A host that sends no headers of its own, as many a static host does, with the page under a path. */
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { cp, mkdtemp, readFile, readdir, rename, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import sirv from 'sirv'
import { listen } from '../../scripts/setup/server.mjs'

const host = '127.0.0.1'
const prefix = '/some/sub/path/'

export interface PlainHost {
  /** Of the page. */
  readonly address: string
  /** Paths below the page's that were sent whole, in order; not those of which the browser had the newest bytes. */
  readonly sent: string[]
  /** Serves another folder from now on. */
  publish(folder: string): void
  /** Answers nothing any more. */
  stop(): Promise<void>
}

export async function servePlainly(folder: string): Promise<PlainHost> {
  const sent: string[] = []
  const open = (root: string) => sirv(root, { dev: true, etag: true })
  let serve = open(folder)
  const server = createServer((request, response) => {
    const path = (request.url ?? '').replace(/[?#].*$/, '')
    if (!path.startsWith(prefix)) {
      response.writeHead(404).end()
      return
    }
    request.url = path.slice(prefix.length - 1)
    response.once('finish', () => {
      if (response.statusCode === 200) sent.push(path.slice(prefix.length))
    })
    serve(request, response, () => void response.writeHead(404).end())
  })
  const port = await listen(server, 0, host)
  return {
    address: `http://${host}:${port}${prefix}`,
    sent,
    publish: (root) => {
      serve = open(root)
    },
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

/** Files that changed get other names from a build; here all that have these stems do. */
const CHANGED = ['index', 'files.worker']
const isText = (path: string): boolean => /\.(?:html|m?js)$/.test(path)

/** Copies a build and makes a newer version of it: the page's script and a worker have other names. */
export async function newerVersion(dist: string): Promise<{ folder: string; remove(): Promise<void> }> {
  const folder = await mkdtemp(join(tmpdir(), 'smallcap-newer-'))
  await cp(dist, folder, { recursive: true, filter: (path) => !/\.(?:br|gz)$/.test(path) })
  const assets = await readdir(join(folder, 'assets'))
  const renamed = new Map(
    CHANGED.map((stem) => {
      const name = assets.find((each) => new RegExp(`^${stem}-[\\w-]{8}\\.js$`).test(each))
      if (name === undefined) throw new Error(`the build has no ${stem}`)
      return [name, `${stem}-22222222.js`]
    }),
  )
  for (const [from, to] of renamed) await rename(join(folder, 'assets', from), join(folder, 'assets', to))
  const edit = async (path: string, change: (text: string) => string): Promise<void> =>
    writeFile(join(folder, path), change(await readFile(join(folder, path), 'utf8')))
  const paths = await readdir(folder, { recursive: true })
  for (const path of paths.filter((each) => isText(each) && !each.startsWith('ort')))
    await edit(path, (text) => [...renamed].reduce((so, [from, to]) => so.replaceAll(from, to), text))
  await edit('offline.worker.js', (text) =>
    text.replace(/\[\{"integrity".*?\}\]/, (list) => withHashes(list, folder)),
  )
  return { folder, remove: () => rm(folder, { recursive: true }) }
}

/** The service worker's list of files, with the hashes of the bytes in `folder`. */
function withHashes(list: string, folder: string): string {
  const files = JSON.parse(list) as { readonly url: string }[]
  const hash = (url: string) =>
    createHash('sha256')
      .update(readFileSync(join(folder, url)))
      .digest('base64')
  return JSON.stringify(files.map(({ url }) => ({ url, revision: null, integrity: `sha256-${hash(url)}` })))
}
