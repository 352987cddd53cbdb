import type { Browser, Page } from '@playwright/test'
import { SoakFailure } from './exported'
import { planFaults } from './fault'
import { soakLines } from './lines'
import { undergo, undisturbedRun } from './ordeals'

/** A browser with the page behind an address. */
export interface Site {
  readonly browser: Browser
  readonly address: string
  readonly say: (line: string) => void
}

/** Uses a page of a visitor that was never here. */
export async function withVisitor<T>(
  { browser, address }: Site,
  use: (page: Page) => Promise<T>,
): Promise<T> {
  const context = await browser.newContext({ baseURL: address })
  try {
    return await use(await context.newPage())
  } finally {
    await context.close()
  }
}

const seconds = (sinceMs: number): string => `${((performance.now() - sinceMs) / 1000).toFixed(1)} s`

/** Tries so many faults in runs over `rows` lines and answers how many failed. */
export async function runFaults(site: Site, count: number, rows: number, seed: number): Promise<number> {
  const lines = soakLines(rows, seed)
  const undisturbed = await withVisitor(site, (page) => undisturbedRun(page, lines))
  let failed = 0
  for (const [place, fault] of planFaults(count, rows, seed).entries()) {
    const startedAt = performance.now()
    const name = `fault ${place + 1} of ${count}, ${fault.kind} at row ${fault.atRow} of ${rows}`
    try {
      const told = await withVisitor(site, (page) => undergo(page, fault, lines, undisturbed))
      site.say(`ok      ${name}: ${told}; the rest is as without it (${seconds(startedAt)})`)
    } catch (error) {
      failed += 1
      // Whatever Playwright could not do in the page is a failure of the page, too; its first line says what.
      const reason = error instanceof SoakFailure ? error.message : String(error)
      site.say(`FAILED  ${name}: ${reason} (${seconds(startedAt)})`)
    }
  }
  return failed
}
