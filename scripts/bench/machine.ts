import { cpus, totalmem } from 'node:os'
import type { Browser } from '@playwright/test'
import { withWorker } from './chromium'

export interface Machine {
  readonly processor: string
  readonly cores: number
  readonly memoryGigabytes: number
  readonly browser: string
  /** That the page takes on this machine. */
  readonly threads: number
}

/** What the numbers were measured on. */
export async function describeMachine(browser: Browser, address: string, threads: number): Promise<Machine> {
  const cores = await withWorker(browser, address, (worker) =>
    worker.evaluate(() => navigator.hardwareConcurrency),
  )
  return {
    processor: cpus()[0]?.model ?? 'unknown',
    cores,
    memoryGigabytes: Math.round(totalmem() / 2 ** 30),
    browser: `Chromium ${browser.version()}`,
    threads: threads || Math.min(4, Math.ceil(cores / 2)),
  }
}
