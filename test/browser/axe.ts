import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import type { Page } from '@playwright/test'
import type Axe from 'axe-core'

const axeSource = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

/** Defined in the page once its source has run there. */
declare const axe: typeof Axe

/** What axe finds wrong now, as readable lines. */
export async function violations(page: Page): Promise<string[]> {
  // Evaluated by the debugger, which the page's Content-Security-Policy does not bind; the page's own scripts are.
  await page.evaluate(axeSource)
  const found = await page.evaluate(async () => {
    return (await axe.run(document)).violations
  })
  return found.flatMap(({ id, help, nodes }) =>
    nodes.map((node) => `${id}: ${help}: ${node.html.slice(0, 160)}`),
  )
}
