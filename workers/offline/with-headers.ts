import { headersFor } from '../../scripts/headers.mjs'

/** Says of a kept file which bytes it has. */
export const INTEGRITY = 'smallcap-integrity'

/** What the host says of the bytes on their way, which are not those that are kept. */
const OF_THE_WAY = ['content-encoding', 'content-length', 'transfer-encoding']

/** The headers of a file at `path` below the site: the host's own, and ours, which win. */
export function headersWith(path: string, hosts: Headers): Headers {
  const headers = new Headers(hosts)
  for (const name of OF_THE_WAY) headers.delete(name)
  for (const [name, value] of Object.entries(headersFor(`/${path}`))) headers.set(name, value)
  return headers
}

/** The host's answer under our headers; one that leads elsewhere shows a service worker nothing, and is left as it is. */
export function withHeaders(path: string, response: Response): Response {
  const { status, statusText } = response
  if (status === 0) return response
  return new Response(response.body, { status, statusText, headers: headersWith(path, response.headers) })
}
