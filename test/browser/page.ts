/** The built page as a person meets it, and what every test wants to know of it. */
import { expect, test as base, type Locator, type Page } from '@playwright/test'

export interface Watched {
  /** Console errors, warnings and uncaught exceptions so far. */
  readonly complaints: string[]
  /** Requests to any origin but the page's own. */
  readonly foreign: string[]
}

/** What Playwright itself prints when the page registers its service worker, which these tests do without. */
const BLOCKED = 'Service Worker registration blocked by Playwright'

/** A test that fails when the page complained, or asked another origin for anything. */
export const test = base.extend<{ watched: Watched }>({
  watched: [
    async ({ context, baseURL }, use) => {
      const watched: Watched = { complaints: [], foreign: [] }
      const own = new URL(baseURL ?? '').origin
      context.on('console', (message) => {
        const isComplaint = ['error', 'warning'].includes(message.type()) && message.text() !== BLOCKED
        if (isComplaint) watched.complaints.push(message.text())
      })
      context.on('weberror', (error) => watched.complaints.push(String(error.error())))
      context.on('request', (request) => {
        const url = new URL(request.url())
        if (!['data:', 'blob:'].includes(url.protocol) && url.origin !== own) watched.foreign.push(url.href)
      })
      await use(watched)
      expect(watched.complaints).toEqual([])
      expect(watched.foreign).toEqual([])
    },
    { auto: true },
  ],
})

export { expect }

export const footer = (page: Page): Locator => page.getByRole('note', { name: 'How these results were made' })
export const rows = (page: Page): Locator =>
  page.getByRole('region', { name: 'Results' }).getByRole('listitem')
export const textBox = (page: Page): Locator => page.getByRole('textbox', { name: 'Text, one per line' })

/** Waits until the line under the results says this; what its terms' tooltips say does not count. */
export async function expectFacts(page: Page, facts: string | RegExp, timeoutMs = 15_000): Promise<void> {
  await expect(footer(page)).toContainText(facts, { useInnerText: true, timeout: timeoutMs })
}

/** Opens the page and waits for the results of the sample lines, which come without a click. */
export async function openPage(page: Page): Promise<void> {
  await page.goto('/')
  await expectFacts(page, '12 of 12')
}

/** Puts text into the clipboard and pastes it over what is in the focused field. */
export async function paste(page: Page, text: string): Promise<void> {
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write'])
  await page.evaluate((copied) => navigator.clipboard.writeText(copied), text)
  await page.keyboard.press('Control+a')
  await page.keyboard.press('Control+v')
}
