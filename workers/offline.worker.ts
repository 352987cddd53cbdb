/**
 * The service worker: keeps the site for times without a network, and sends it under the headers that a plain host lacks.
 * A new version keeps its files while the old one is at work, and takes its place when a person says so or no page is open.
 */
import { readMessage } from '../src/offline/contract'
import { filesOf, openVersion } from './offline/kept-version'
import { pathBelow, type SiteFile } from './offline/site-files'
import { gpuBuild } from './runtime/builds'

declare const self: ServiceWorkerGlobalScope & {
  /** Put in place by the build. */
  readonly __WB_MANIFEST: readonly SiteFile[]
}

const files = self.__WB_MANIFEST
const { registration, caches } = self
const site = registration.scope
const version = openVersion({ caches, fetch: (...request) => fetch(...request), site, files })

/** An update keeps all that the version before it had kept, so that it works without a network from its first moment. */
async function install(): Promise<void> {
  await version.keep(filesOf(files, 'at once'))
  if (registration.active) await version.keep(await version.knownElsewhere())
}

let filling: Promise<void> | undefined

async function fill(needsGpu: boolean): Promise<void> {
  await version.keep(filesOf(files, 'at once', 'idle'))
  const build = `.${gpuBuild()}.`
  if (needsGpu) await version.keep(filesOf(files, 'used').filter(({ url }) => url.includes(build)))
  // A version that waits is not an old one.
  if (registration.waiting ?? registration.installing) return
  const { held = [] } = await navigator.locks.query()
  await version.tidy(held.map(({ name = '' }) => name))
}

self.addEventListener('install', (event) => event.waitUntil(install()))
// The first version also serves the page that brought it.
self.addEventListener('activate', (event) => event.waitUntil(self.clients.claim()))

self.addEventListener('message', (event) => {
  const message = readMessage(event.data)
  if (message?.kind === 'take-over') event.waitUntil(self.skipWaiting())
  if (message?.kind === 'fill')
    event.waitUntil((filling ??= fill(message.needsGpu).finally(() => (filling = undefined))))
})

self.addEventListener('fetch', (event) => {
  const { request } = event
  // Other hosts are the store worker's to ask; a part of a file is none of ours.
  const isOurs = pathBelow(site, request.url) !== undefined
  if (!isOurs || request.method !== 'GET' || request.headers.has('range')) return
  event.respondWith(version.answer(request, (work) => event.waitUntil(work)))
})
