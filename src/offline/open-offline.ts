import type { Smallcap } from '../state/smallcap.svelte'
import { isToGoOn, rememberToGoOn } from './go-on'
import { startOffline, type Offline } from './offline'

/** A browser without idle callbacks is given so long, in milliseconds. */
const REST_MS = 500

/** Lets the page work without a network from the next visit on; `script` is the address of its own script. */
export async function openOffline(smallcap: Smallcap, script: string): Promise<Offline | undefined> {
  if (isToGoOn()) void smallcap.goOn()
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
      !navigator.userActivation.hasBeenActive && smallcap.input.isSample && !smallcap.run.isRunning,
    needsGpu: () => smallcap.backends.usesGpu,
    offer: (accept) =>
      smallcap.notes.offer({
        sentence: 'New version ready. Text and results are kept.',
        label: 'Reload',
        accept: () => void accept(),
      }),
    async keepWork() {
      if (smallcap.run.isRunning) rememberToGoOn()
      await smallcap.keepWork()
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
