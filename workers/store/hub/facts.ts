/**
 * What a hub answers, each with where it is written.
 *
 * - Addresses of the API and of files: https://huggingface.co/docs/hub/api and the client library
 *   https://github.com/huggingface/huggingface.js (packages/hub, `model-info.ts`, `list-files.ts`, `file-download-info.ts`).
 *   The library itself is not used: what it reads is not validated, its errors drop the headers below, and its download
 *   cannot go on from a byte; the two requests that are left do not pay for its size.
 * - `revision/<name>` gives the commit as `sha`; `tree/<commit>?recursive=true` gives files with `oid` (git's SHA-1 of the blob,
 *   or of the pointer) and, for large ones, `lfs.oid`, which is the SHA-256 of the bytes. It comes in pages: `Link: <…>; rel="next"`.
 * - `resolve/<commit>/<path>` gives the bytes of small files and redirects to a signed address for large ones. That expires and
 *   then answers 403; ranges are `bytes=a-b` on either.
 * - Errors: `X-Error-Code` is `RepoNotFound`, `RevisionNotFound`, `EntryNotFound` or `GatedRepo`, `X-Error-Message` a sentence
 *   (https://github.com/huggingface/huggingface_hub, `utils/_http.py`, `hf_raise_for_status`). A repository that does not exist
 *   answers 401, so that private ones cannot be told from it.
 * - 429: `Retry-After`, or `RateLimit: "resolvers";r=0;t=55` with the seconds to wait in `t`
 *   (https://huggingface.co/docs/hub/rate-limits).
 */
import { DEFAULT_HUB, type ModelOrigin } from '../../../src/store/contract'
import { StoreFailure } from '../store-failure'

export type HubOrigin = Extract<ModelOrigin, { kind: 'hub' }>
export type HubRepository = Omit<HubOrigin, 'kind' | 'commit'>

const encodePath = (path: string): string => path.split('/').map(encodeURIComponent).join('/')

export const infoAddress = ({ base, repository, revision }: HubRepository): string =>
  `${base}/api/models/${encodePath(repository)}/revision/${encodeURIComponent(revision)}`

export const treeAddress = ({ base, repository, commit }: HubOrigin, search: string): string =>
  `${base}/api/models/${encodePath(repository)}/tree/${commit}${search}`

export const FIRST_TREE_PAGE = '?recursive=true'

export const fileAddress = ({ base, repository, commit }: HubOrigin, path: string): string =>
  `${base}/${encodePath(repository)}/resolve/${commit}/${encodePath(path)}`

/** The query of the next page, which a mirror may name under the original hub's address; undefined on the last page. */
export function nextPage(link: string | null): string | undefined {
  const address = /<([^>]*)>\s*;\s*rel="?next"?/.exec(link ?? '')?.[1]
  if (address === undefined || !URL.canParse(address, DEFAULT_HUB)) return undefined
  return new URL(address, DEFAULT_HUB).search
}

/** Seconds to wait after a 429, if the hub said so. */
export function secondsToWait(headers: Headers): number | undefined {
  const seconds = Number(
    headers.get('Retry-After') ?? /;\s*t=(\d+)/.exec(headers.get('RateLimit') ?? '')?.[1],
  )
  return Number.isFinite(seconds) && seconds > 0 ? Math.ceil(seconds) : undefined
}

/** Reads what a person typed: `owner/name` or its address, of a page in it too. @throws StoreFailure `not-found` */
export function readRepository(typed: string, revision?: string, base?: string): HubRepository {
  const address = /^https?:\/\/[^/]+\/(.*)$/.exec(typed.trim())
  const [path = '', tail] = (address?.[1] ?? typed.trim()).split(/\/(?:tree|blob|resolve)\//)
  const repository = path.replace(/\/+$/, '')
  if (!/^[\w-][\w.-]*(\/[\w-][\w.-]*)?$/.test(repository))
    throw new StoreFailure(
      'not-found',
      `“${typed}” is no name of a repository. Write it as owner/name, e.g. google/flan-t5-small.`,
    )
  return {
    repository,
    revision: revision ?? tail?.split('/')[0] ?? 'main',
    base: readBase(base ?? (address ? new URL(typed.trim()).origin : DEFAULT_HUB)),
  }
}

/** A hub's address without a slash at its end. @throws StoreFailure `not-found` */
function readBase(typed: string): string {
  const url = URL.canParse(typed) ? new URL(typed) : undefined
  const isHere = url?.hostname === 'localhost' || url?.hostname === '127.0.0.1'
  if (!url || !(url.protocol === 'https:' || (url.protocol === 'http:' && isHere)))
    throw new StoreFailure(
      'not-found',
      `“${typed}” is no address of a hub. It begins with https://, or with http://localhost for one on this machine.`,
    )
  return `${url.origin}${url.pathname}`.replace(/\/+$/, '')
}
