import type { Browser } from '@playwright/test'
import type { GpuAdapter } from '../../src/engine/contract'
import { gpuArgs, launchBrowser, withWorker } from './chromium'
import type { BenchWorker } from './contract'

/** A browser that offers WebGPU, and what it would run on. */
export interface GpuBrowser {
  readonly browser: Browser
  readonly adapter: GpuAdapter
  /** The adapter's name, and that it is a software one where it is. */
  readonly device: string
}

/** Uses a browser with the machine's graphics device, or else with the software adapter; undefined where neither is offered. */
export async function withGpu<T>(
  address: string,
  use: (gpu: GpuBrowser) => Promise<T>,
  more: readonly string[] = [],
): Promise<T | undefined> {
  for (const args of [gpuArgs.device, gpuArgs.software]) {
    const browser = await launchBrowser([...args, ...more])
    try {
      const adapter = await withWorker(browser, address, (worker) =>
        worker.evaluate((): ReturnType<BenchWorker['findGpu']> => bench.findGpu()),
      )
      if (!adapter) continue
      const device = adapter.isSoftware ? `${adapter.name}, software adapter` : adapter.name
      return await use({ browser, adapter, device })
    } finally {
      await browser.close()
    }
  }
  return undefined
}
