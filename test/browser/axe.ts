import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import type { Page } from '@playwright/test'
import type Axe from 'axe-core'

const axeSource = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

/** Defined in the page once its source has run there. */
declare const axe: typeof Axe

/** What axe finds wrong now, as readable lines: of the colours in dark, and of everything in light, which stays. */
export async function violations(page: Page): Promise<string[]> {
  // Evaluated by the debugger, which the page's Content-Security-Policy does not bind; the page's own scripts are.
  await page.evaluate(axeSource)
  await page.emulateMedia({ colorScheme: 'dark', reducedMotion: 'reduce' })
  const inDark = await found(page, { runOnly: ['color-contrast', 'link-in-text-block'] })
  await page.emulateMedia({ colorScheme: 'light' })
  return [...inDark.map((line) => `dark: ${line}`), ...(await found(page, {}))]
}

async function found(page: Page, options: Axe.RunOptions): Promise<string[]> {
  const results = await page.evaluate(
    async (run) =>
      (await axe.run(document, run)).violations.map(({ id, help, nodes }) => ({ id, help, nodes })),
    options,
  )
  return results.flatMap(({ id, help, nodes }) =>
    nodes.map((node) => `${id}: ${help}: ${node.html.slice(0, 160)}`),
  )
}
