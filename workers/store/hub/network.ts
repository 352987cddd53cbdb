import { StoreFailure } from '../store-failure'
import { secondsToWait } from './facts'

/** What the world outside gives; tests give another. */
export interface Network {
  readonly fetch: typeof fetch
  readonly isOnline: () => boolean
  /** A connection that says nothing for so long is given up. */
  readonly stallMs: number
  /** Rejects with the signal's reason when it is aborted. */
  readonly sleep: (milliseconds: number, signal: AbortSignal) => Promise<void>
}

/** An attempt that failed in a way that may pass: it is made again, and `failure` told when it fails too often. */
export class Trouble extends Error {
  override readonly name = 'Trouble'

  constructor(
    readonly failure: StoreFailure,
    readonly waitSeconds?: number,
  ) {
    super(failure.message)
  }
}

/**
 * One request. The answer is 200 or 206.
 * @param what is asked for, as it stands at the beginning of a sentence
 * @throws Trouble, StoreFailure, or the signal's reason
 */
export async function ask(
  network: Network,
  address: string,
  what: string,
  { signal, range }: { readonly signal: AbortSignal; readonly range?: string },
): Promise<Response> {
  const stalled = new AbortController()
  const timer = setTimeout(() => stalled.abort(), network.stallMs)
  const request: RequestInit = {
    signal: AbortSignal.any([signal, stalled.signal]),
    // What is stored here would lie in the browser's cache a second time; a hub needs to know nothing of this page.
    cache: 'no-store',
    credentials: 'omit',
    referrerPolicy: 'no-referrer',
    ...(range !== undefined && { headers: { Range: range } }),
  }
  const response = await network
    .fetch(address, request)
    .catch((error: unknown) => {
      throw broken(error, what, address, network, signal)
    })
    .finally(() => clearTimeout(timer))
  if (response.status === 200 || response.status === 206) return response
  await response.body?.cancel().catch(() => undefined)
  throw refusal(response, what, new URL(address).host)
}

/** What a request or body that ended with `error` means. */
export function broken(
  error: unknown,
  what: string,
  address: string,
  { isOnline }: Network,
  signal: AbortSignal,
): unknown {
  if (signal.aborted) return signal.reason
  if (error instanceof Trouble || error instanceof StoreFailure) return error
  const { host } = new URL(address)
  return new Trouble(
    isOnline()
      ? new StoreFailure(
          'connection',
          `${what} could not be fetched: ${host} does not answer, or the connection was cut. Try again; what arrived is kept.`,
        )
      : new StoreFailure(
          'offline',
          `${what} could not be fetched: this device has no network. Go on when it has one; what arrived is kept.`,
        ),
  )
}

/** @param what as in {@link ask} */
function refusal(
  { status, headers, redirected }: Response,
  what: string,
  host: string,
): Trouble | StoreFailure {
  const said = headers.get('X-Error-Message') ?? headers.get('X-Error-Code')
  const because = said ? ` (${said})` : ''
  const code = headers.get('X-Error-Code')
  if (status === 429) {
    const seconds = secondsToWait(headers)
    return new Trouble(
      new StoreFailure(
        'rate-limit',
        `${host} answers no more requests from this network for now${because}. Try again ${seconds === undefined ? 'in a few minutes' : `in ${seconds} s`}; what arrived is kept.`,
        seconds === undefined ? {} : { retryAfterSeconds: seconds },
      ),
      seconds,
    )
  }
  if (status >= 500 || status === 408 || (redirected && status === 403))
    return new Trouble(
      new StoreFailure(
        'hub',
        `${what} could not be fetched: ${host} answered ${status}${because}. Try again later; what arrived is kept.`,
      ),
    )
  if (code === 'GatedRepo' || (status === 403 && code !== 'RepoNotFound'))
    return new StoreFailure(
      'access',
      `${what} may not be fetched${because}: its licence has to be accepted first, or it is private. Accept it on ${host}, download the files there, and open the folder here.`,
    )
  if (status === 401 || status === 404 || status === 410)
    return new StoreFailure(
      'not-found',
      `${what} is not on ${host}${because}, or it is private. Check owner, name and revision; a private one can be downloaded there and opened here as a folder.`,
    )
  return new StoreFailure('hub', `${what} could not be fetched: ${host} answered ${status}${because}.`)
}
