import type { Smallcap } from '../state/smallcap.svelte'
import { rememberToGoOn, runToGoOn } from './go-on'
import { startOffline, type Offline } from './offline'

/** A browser without idle callbacks is given so long, in milliseconds. */
const REST_MS = 500

/**
 * Lets the page work without a network from the next visit on; `current` answers the page's state over the project that is
 * open, `script` is the address of its own script.
 */
export async function openOffline(current: () => Smallcap, script: string): Promise<Offline | undefined> {
  const runId = runToGoOn()
  if (runId !== undefined) void current().goOn(runId)
  if (!('serviceWorker' in navigator)) return undefined
  const browser = {
    container: navigator.serviceWorker,
    locks: navigator.locks,
    isIsolated: crossOriginIsolated,
    wasReloaded: performance.getEntriesByType('navigation').some(isReload),
    reload: () => location.reload(),
    idle,
  }
  return startOffline(browser, {
    script,
    isUntouched: () =>
      !navigator.userActivation.hasBeenActive && current().input.isSample && !current().run.isRunning,
    needsGpu: () => current().backends.usesGpu,
    offer: (accept) =>
      current().notes.offer({
        sentence: 'New version ready. Text and results are kept.',
        label: 'Reload',
        accept: () => void accept(),
      }),
    async keepWork() {
      const { run } = current()
      if (run.isRunning && run.runId !== undefined) rememberToGoOn(run.runId)
      await current().keepWork()
    },
  })
}

const isReload = (entry: PerformanceEntry): boolean =>
  entry instanceof PerformanceNavigationTiming && entry.type === 'reload'

const idle = (): Promise<void> =>
  new Promise((resolve) => {
    if ('requestIdleCallback' in globalThis) requestIdleCallback(() => resolve())
    else setTimeout(resolve, REST_MS)
  })
