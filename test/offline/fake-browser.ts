/** A browser's service workers and caches, as far as the page and our own service worker ask for them. */
import type { Container, OfflineBrowser, Registration, Worker } from '../../src/offline/offline'

export class FakeWorker extends EventTarget implements Worker {
  state: ServiceWorkerState = 'installing'
  readonly heard: unknown[] = []

  postMessage(message: unknown): void {
    this.heard.push(message)
  }
  become(state: ServiceWorkerState): void {
    this.state = state
    this.dispatchEvent(new Event('statechange'))
  }
}

export class FakeRegistration extends EventTarget implements Registration {
  active: FakeWorker | null = null
  installing: FakeWorker | null = null
  waiting: FakeWorker | null = null

  find(): FakeWorker {
    this.installing = new FakeWorker()
    this.dispatchEvent(new Event('updatefound'))
    return this.installing
  }
  install(): void {
    const worker = this.installing
    this.installing = null
    this.waiting = worker
    worker?.become('installed')
  }
  activate(): void {
    const worker = this.waiting
    this.waiting = null
    this.active = worker
    worker?.become('activated')
  }
}

export class FakeContainer extends EventTarget implements Container {
  controller: unknown = null
  readonly registration = new FakeRegistration()
  isRefusing = false

  register(): Promise<Registration> {
    return this.isRefusing
      ? Promise.reject(new DOMException('refused', 'SecurityError'))
      : Promise.resolve(this.registration)
  }
  control(controller: unknown): void {
    this.controller = controller
    this.dispatchEvent(new Event('controllerchange'))
  }
}

export function fakeBrowser(told: Partial<OfflineBrowser> = {}) {
  const container = new FakeContainer()
  const locks: string[] = []
  let reloads = 0
  const browser: OfflineBrowser = {
    container,
    locks: {
      request: async (name: string): Promise<never> => {
        locks.push(name)
        return new Promise(() => undefined)
      },
    },
    isIsolated: false,
    wasReloaded: false,
    reload: () => (reloads += 1),
    idle: () => Promise.resolve(),
    ...told,
  }
  return { browser, container, registration: container.registration, locks, reloads: () => reloads }
}
