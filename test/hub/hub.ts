/**
 * A hub for tests that behaves like the public one: model info, tree in pages, files that redirect to a signed address at
 * another origin, ranges, its headers and its errors. What it is modelled on stands in `workers/store/hub/facts.ts`.
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { noFaults, type Faults } from './faults'
import { commitOf, gitHashOf, isLarge, sha256Of, type Repository } from './repository'
import { sendFile } from './send-file'

export interface Hub {
  /** Without a slash at its end. */
  readonly address: string
  readonly faults: Faults
  /** Paths with queries and ranges of all requests so far, of the hub's and the signed ones. */
  readonly requests: { readonly path: string; readonly range: string | undefined }[]
  /** Bytes of files that were sent. */
  sentBytes(): number
  close(): Promise<void>
}

const exposed =
  'X-Repo-Commit,X-Request-Id,X-Error-Code,X-Error-Message,X-Total-Count,ETag,Link,Accept-Ranges,Content-Range,X-Linked-Size,X-Linked-ETag'

/** Starts a hub on this machine. @param renamed former names of repositories */
export async function startHub(
  repositories: readonly Repository[],
  renamed: ReadonlyMap<string, string> = new Map(),
): Promise<Hub> {
  const faults = noFaults()
  const requests: { path: string; range: string | undefined }[] = []
  // Of gigabytes, a hash takes seconds, and each request asks for it.
  const hashes = new Map<Uint8Array, string>()
  const hashOf = (path: string, bytes: Uint8Array<ArrayBuffer>): string => {
    const known = hashes.get(bytes) ?? (isLarge(path) ? sha256Of(bytes) : gitHashOf(bytes))
    hashes.set(bytes, known)
    return known
  }
  const commits = new Map(repositories.map((repository) => [repository.id, commitOf(repository)]))
  const byId = new Map(repositories.map((repository) => [repository.id, repository]))
  const byHash = new Map(
    repositories.flatMap(({ files }) =>
      [...files].flatMap(([path, bytes]) => (isLarge(path) ? [[hashOf(path, bytes), { path, bytes }]] : [])),
    ),
  )
  let sent = 0
  let signatures = 0

  const send = (
    request: IncomingMessage,
    response: ServerResponse,
    path: string,
    bytes: Uint8Array<ArrayBuffer>,
  ) =>
    sendFile(request, response, faults.spoil(path, bytes), faults, (count) => {
      sent += count
    })

  const cdn = createServer((request, response) => {
    const url = begin(request, response)
    if (!url) return
    const file = byHash.get(url.pathname.slice('/signed/'.length))
    if (!file) return refuse(response, 404, 'EntryNotFound')
    if (Number(url.searchParams.get('Expires')) < Date.now()) return refuse(response, 403, 'AccessDenied')
    return send(request, response, file.path, file.bytes)
  })

  const hub = createServer((request, response) => {
    const url = begin(request, response)
    if (!url) return
    const [, id = '', verb, revision = '', rest = ''] =
      /^\/(?:api\/models\/)?([^/]+\/[^/]+)\/(revision|tree|resolve)\/([^/]+)\/?(.*)$/.exec(
        decodeURIComponent(url.pathname),
      ) ?? []
    const moved = renamed.get(id)
    if (moved !== undefined) {
      response.writeHead(307, { Location: url.pathname.replace(id, moved) + url.search })
      return response.end()
    }
    const repository = byId.get(id)
    if (!repository) return refuse(response, 401, 'RepoNotFound', 'Invalid username or password.')
    const commit = commits.get(id) ?? ''
    if (revision !== 'main' && revision !== commit) return refuse(response, 404, 'RevisionNotFound')
    response.setHeader('X-Repo-Commit', commit)
    if (verb === 'revision') return json(response, infoOf(repository, commit))
    if (verb === 'tree') return tree(response, url, repository)
    if (repository.isGated) return refuse(response, 401, 'GatedRepo', `Access to model ${id} is restricted.`)
    const bytes = repository.files.get(rest)
    if (!bytes) return refuse(response, 404, 'EntryNotFound')
    const hash = hashOf(rest, bytes)
    response.setHeader('ETag', `"${hash}"`)
    if (!isLarge(rest)) return send(request, response, rest, bytes)
    response.writeHead(302, {
      'X-Linked-ETag': `"${hash}"`,
      'X-Linked-Size': String(bytes.length),
      Location: `${addressOf(cdn)}/signed/${hash}?Expires=${Date.now() + faults.signatureMs}&Signature=${(signatures += 1)}`,
    })
    return response.end()
  })

  /** What every request gets; undefined where it was answered. */
  function begin(request: IncomingMessage, response: ServerResponse): URL | undefined {
    const path = request.url ?? '/'
    response.setHeader('Access-Control-Allow-Origin', '*')
    response.setHeader('Access-Control-Expose-Headers', exposed)
    if (request.method === 'OPTIONS') {
      response.writeHead(204, {
        'Access-Control-Allow-Headers': 'Range',
        'Access-Control-Allow-Methods': 'GET',
      })
      response.end()
      return undefined
    }
    requests.push({ path, range: request.headers.range })
    const answer = faults.answer(path)
    if (!answer) return new URL(path, 'http://hub')
    response.writeHead(answer.status, answer.headers)
    response.end()
    return undefined
  }

  function tree(response: ServerResponse, url: URL, { files }: Repository): unknown {
    const start = Number(url.searchParams.get('cursor') ?? 0)
    const entries = [...files].map(([path, bytes]) => ({
      type: 'file',
      path,
      size: bytes.length,
      ...(isLarge(path)
        ? {
            oid: gitHashOf(new TextEncoder().encode(`pointer of ${path}`)),
            lfs: { oid: hashOf(path, bytes), size: bytes.length, pointerSize: 134 },
          }
        : { oid: hashOf(path, bytes) }),
    }))
    const folders = new Set(
      [...files.keys()].flatMap((path) => (path.includes('/') ? [path.split('/')[0]] : [])),
    )
    const all = [
      ...[...folders].map((path) => ({ type: 'directory', path, size: 0, oid: '0'.repeat(40) })),
      ...entries,
    ]
    const end = start + faults.pageSize
    if (end < all.length) {
      url.searchParams.set('cursor', String(end))
      // The public hub names itself there, whatever mirror was asked.
      response.setHeader('Link', `<https://hub.example${url.pathname}${url.search}>; rel="next"`)
    }
    return json(response, all.slice(start, end))
  }

  await Promise.all([listen(cdn), listen(hub)])
  return {
    address: addressOf(hub),
    faults,
    requests,
    sentBytes: () => sent,
    async close() {
      await Promise.all([close(hub), close(cdn)])
    },
  }
}

const infoOf = ({ id, licence, parameters, isGated = false }: Repository, commit: string) => ({
  id,
  sha: commit,
  private: false,
  gated: isGated ? 'manual' : false,
  tags: licence === undefined ? [] : [`license:${licence}`],
  ...(licence !== undefined && { cardData: { license: licence } }),
  ...(parameters !== undefined && { safetensors: { parameters: { F32: parameters }, total: parameters } }),
})

function json(response: ServerResponse, body: unknown): unknown {
  response.setHeader('Content-Type', 'application/json')
  return response.end(JSON.stringify(body))
}

function refuse(response: ServerResponse, status: number, code: string, message = ''): unknown {
  response.writeHead(status, { 'X-Error-Code': code, ...(message && { 'X-Error-Message': message }) })
  return response.end(JSON.stringify({ error: message || code }))
}

const listen = (server: Server): Promise<void> =>
  new Promise((resolve) => server.listen(0, '127.0.0.1', resolve))

const close = (server: Server): Promise<void> =>
  new Promise((resolve) => {
    server.close(() => resolve())
    server.closeAllConnections()
  })

function addressOf(server: Server): string {
  const address = server.address()
  if (typeof address !== 'object' || address === null) throw new Error('the server has no port')
  return `http://127.0.0.1:${address.port}`
}
