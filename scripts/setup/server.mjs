/** Serves the built page with its headers, precompressed, on the first free port. */
import { createServer } from 'node:http'
import sirv from 'sirv'
import { contentTypeOf, headersFor } from '../headers.mjs'

/** Ports tried after the asked one before giving up. */
const portsTried = 20

/**
 * A server over a built folder: our headers on every answer, `.br` and `.gz` neighbours sent where accepted.
 * @param {string} folder
 * @returns {import('node:http').Server}
 */
export function createStaticServer(folder) {
  const serve = sirv(folder, { etag: true, brotli: true, gzip: true })
  return createServer((request, response) => {
    const path = (request.url ?? '/').replace(/[?#].*$/, '')
    for (const [name, value] of Object.entries(headersFor(path))) response.setHeader(name, value)
    const type = contentTypeOf(path)
    if (type !== undefined) response.setHeader('Content-Type', type)
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      response.writeHead(405, { Allow: 'GET, HEAD' }).end()
      return
    }
    serve(request, response, () => {
      response.writeHead(404, { 'Content-Type': 'text/plain' }).end('Not found')
    })
  })
}

/**
 * Listens on the first free port from `port` on and resolves to it; 0 lets the system choose.
 * @param {import('node:http').Server} server
 * @param {number} port
 * @param {string} host
 * @returns {Promise<number>}
 * @throws the listening error when it is not about a taken port, or when all tried ports are taken
 */
export async function listen(server, port, host) {
  for (let candidate = port; ; candidate++) {
    try {
      return await listenOnce(server, candidate, host)
    } catch (error) {
      const isTaken = error instanceof Error && 'code' in error && error.code === 'EADDRINUSE'
      if (!isTaken || candidate >= Math.min(port + portsTried, 65535)) throw error
    }
  }
}

/**
 * @param {import('node:http').Server} server
 * @param {number} port
 * @param {string} host
 * @returns {Promise<number>}
 */
const listenOnce = (server, port, host) =>
  new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, () => {
      server.off('error', reject)
      const address = server.address()
      resolve(typeof address === 'object' && address !== null ? address.port : port)
    })
  })
