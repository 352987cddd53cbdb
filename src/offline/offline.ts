/** The page's side of the service worker: starts it, learns of new versions, and reloads where that costs nobody anything. */
import { PAGE_LOCK, type OfflineMessage } from './contract'

type Events = 'addEventListener' | 'removeEventListener'
export type Worker = Pick<ServiceWorker, 'state' | 'postMessage' | Events>
export interface Registration extends Pick<ServiceWorkerRegistration, Events> {
  readonly active: Worker | null
  readonly installing: Worker | null
  readonly waiting: Worker | null
}
export interface Container extends Pick<ServiceWorkerContainer, Events> {
  readonly controller: unknown
  register(script: string): Promise<Registration>
}

/** What the browser offers, as far as it is asked. */
export interface OfflineBrowser {
  readonly container: Container
  readonly locks: Pick<LockManager, 'request'>
  readonly isIsolated: boolean
  /** This very document came from a reload. */
  readonly wasReloaded: boolean
  reload(): void
  /** Resolves once nothing more urgent is to be done. */
  idle(): Promise<void>
}

/** What the page has to say. */
export interface OfflinePage {
  /** Address of the page's own script, by which the service worker tells versions apart. */
  readonly script: string
  /** Nothing was typed, opened or clicked, and nothing is under way. */
  isUntouched(): boolean
  needsGpu(): boolean
  /** Tells that a new version is ready; `take` brings it. */
  offer(take: () => Promise<void>): void
  /** Resolves once all work is stored, to be found after a reload. */
  keepWork(): Promise<void>
}

export interface Offline {
  /** Has everything kept that works without a network later on. */
  fill(): Promise<void>
}

const SCRIPT = 'offline.worker.js'

/**
 * Registers the service worker, without which the page works as well, and resolves once it is at work.
 *
 * [Note: One reload] Threads need a page that came with headers which many hosts do not send. There the page is loaded once more,
 * through the service worker, which sends them; but only while it is untouched, and never after a reload, so that it cannot go
 * on for ever. Otherwise they come with the next visit.
 */
export async function startOffline(browser: OfflineBrowser, page: OfflinePage): Promise<Offline> {
  const { container, locks, isIsolated, wasReloaded } = browser
  // Held for as long as this page is open: files of its version are not removed meanwhile.
  void locks.request(PAGE_LOCK + page.script, { mode: 'shared' }, () => new Promise(() => undefined))
  await browser.idle()
  // Refused where a browser keeps nothing, e.g. in a private window: then this visit is like the first.
  const registration = await container.register(SCRIPT).catch(() => undefined)
  if (registration) {
    watch(registration, browser, page)
    const worker = registration.active ?? registration.installing ?? registration.waiting
    const isAtWork = worker !== null && (await outcomeOf(worker)) === 'activated'
    if (isAtWork && !isIsolated && !wasReloaded && page.isUntouched()) {
      browser.reload()
      await new Promise(() => undefined)
    }
  }
  return {
    async fill() {
      await browser.idle()
      tell(registration?.active, { kind: 'fill', needsGpu: page.needsGpu() })
    },
  }
}

function watch(registration: Registration, browser: OfflineBrowser, page: OfflinePage): void {
  const { container } = browser
  const offer = () => page.offer(() => takeNewVersion(registration, browser, page))
  const follow = async (worker: Worker | null): Promise<void> => {
    // The first version is no new one.
    if (worker && registration.active && (await outcomeOf(worker, 'installed')) === 'installed') offer()
  }
  void follow(registration.waiting ?? registration.installing)
  registration.addEventListener('updatefound', () => void follow(registration.installing))
  let isControlled = container.controller !== null
  container.addEventListener('controllerchange', () => {
    // Another tab asked for the new version; this page stays what it is until somebody reloads it.
    if (isControlled) offer()
    isControlled = true
  })
}

async function takeNewVersion(
  registration: Registration,
  browser: OfflineBrowser,
  page: OfflinePage,
): Promise<void> {
  await page.keepWork()
  const { waiting } = registration
  if (waiting) {
    tell(waiting, { kind: 'take-over' })
    await outcomeOf(waiting)
  }
  browser.reload()
}

const tell = (worker: Worker | null | undefined, message: OfflineMessage): void =>
  worker?.postMessage(message)

/** Resolves to the first of these states that the worker comes to, or to `redundant` where it comes to nothing. */
function outcomeOf(worker: Worker, wanted: ServiceWorkerState = 'activated'): Promise<ServiceWorkerState> {
  return new Promise((resolve) => {
    const look = (): void => {
      if (worker.state !== wanted && worker.state !== 'redundant') return
      worker.removeEventListener('statechange', look)
      resolve(worker.state)
    }
    worker.addEventListener('statechange', look)
    look()
  })
}
