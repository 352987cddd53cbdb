import { mount } from 'svelte'
import App from './App.svelte'
import { compose } from './compose'
import { createBackendsClient } from './engine/backends-client'
import type { Backend } from './engine/contract'
import { createEngineClient, type ClosableEngineClient } from './engine/client'
import { holdWorker, type WorkerHandle } from './engine/worker-handle'
import { createFilesClient } from './files/client'
import { nextFrame } from './next-frame'
import { nextTurn } from './next-turn'
import { rememberToGoOn } from './offline/go-on'
import type { Offline } from './offline/offline'
import { fetchCatalogue } from './state/catalogue'
import { loadCsvExport } from './state/exports.svelte'
import { loadBackup } from './state/projects.svelte'
import type { TabChannel } from './state/labelling/label-journal.svelte'
import { loadWrittenModels } from './state/late-written-models'
import { createStoreClient } from './store/client'
import { openRecordStore } from './storage/record-store'
import { loadLater } from './ui/later'
import './style/tokens.css'
import './style/base.css'
import './style/columns.css'

const loadOffline = async () => (await import('./offline/open-offline')).openOffline

function spawnEngine(backend: Backend): WorkerHandle {
  const name = `smallcap ${backend} engine ${crypto.randomUUID()}`
  const worker = new Worker(new URL('../workers/engine.worker.ts', import.meta.url), { type: 'module', name })
  return holdWorker(worker, name)
}

function spawnFiles(): WorkerHandle {
  const name = `smallcap files ${crypto.randomUUID()}`
  const worker = new Worker(new URL('../workers/files.worker.ts', import.meta.url), { type: 'module', name })
  return holdWorker(worker, name)
}

function spawnStore(): WorkerHandle {
  const name = `smallcap store ${crypto.randomUUID()}`
  const worker = new Worker(new URL('../workers/store.worker.ts', import.meta.url), { type: 'module', name })
  return holdWorker(worker, name)
}

const target = document.getElementById('app')
if (!target) throw new Error('index.html holds no element with id "app".')
if (!isSecureContext) {
  // Not a bug of the page, so it is told where it is seen: locks, hashes and isolation exist in secure contexts only.
  target.textContent =
    'Smallcap needs an https address, or localhost on this machine: over plain http from elsewhere, browsers withhold what it needs.'
  throw new Error('This is not a secure context.')
}

const openEngine = (backend: Backend): ClosableEngineClient =>
  createEngineClient({ spawn: () => spawnEngine(backend) })

function openChannel(name: string): TabChannel {
  const channel = new BroadcastChannel(name)
  let isOpen = true
  return {
    send: (message) => {
      if (isOpen) channel.postMessage(message)
    },
    listen: (listener) => channel.addEventListener('message', ({ data }) => listener(data)),
    close: () => {
      isOpen = false
      channel.close()
    },
  }
}

const projects = await compose({
  engine: createBackendsClient({
    wasm: openEngine('wasm'),
    startWebGpu: () => openEngine('webgpu'),
  }),
  openEngine,
  about: {
    version: __VERSION__,
    runtime: __RUNTIME_VERSION__,
    userAgent: navigator.userAgent,
    processors: navigator.hardwareConcurrency,
  },
  files: createFilesClient({ spawn: spawnFiles }),
  store: openRecordStore(),
  modelStore: createStoreClient({ spawn: spawnStore, storage: navigator.storage }),
  openChannel,
  hash: location.hash,
  readCatalogue: () => fetchCatalogue(fetch, import.meta.env.BASE_URL),
  now: () => performance.now(),
  today: () => Date.now(),
  onFrame: nextFrame,
  nextTurn,
  newId: () => crypto.randomUUID(),
})

function tellOfBug(error: unknown): void {
  const said = error instanceof Error ? error.message : String(error)
  projects.current.notes.add(
    `The page met an error it did not expect: ${said}. Reload it; text and results are kept.`,
  )
}
// Without an error object it is no bug of ours, e.g. a notice that sizes changed while they were observed.
addEventListener('error', (event) => {
  if (event.error) tellOfBug(event.error)
})
addEventListener('unhandledrejection', (event) => tellOfBug(event.reason))

// What was shown is there after a reload, also after one that was quicker than the storage.
addEventListener('pagehide', ({ persisted }) => {
  const { run } = projects.current
  if (!persisted && run.isUnstored && run.runId !== undefined) rememberToGoOn(run.runId)
})

addEventListener('hashchange', () => projects.current.place.follow(location.hash))

mount(App, { target, props: { projects } })
let offline: Offline | undefined
await projects.current.start(async () => {
  // While the page is developed, what was kept would hide what was changed.
  if (import.meta.env.PROD)
    offline = await loadOffline().then((open) => open(() => projects.current, import.meta.url))
})
// They work without a network later on.
await Promise.all([loadCsvExport(), loadWrittenModels(), loadLater(), loadBackup()])
await projects.tidy()
await offline?.fill()
