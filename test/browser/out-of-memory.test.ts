import type {
  Page,
  PlaywrightWorkerArgs,
  PlaywrightWorkerOptions,
  PlaywrightTestOptions,
} from '@playwright/test'
import { expect, expectFacts, openPage, paste, test, textBox } from './page'

type Surroundings = Pick<PlaywrightWorkerArgs, 'playwright'> &
  Pick<PlaywrightWorkerOptions, 'launchOptions'> &
  Pick<PlaywrightTestOptions, 'baseURL'>

/** The page where ONNX Runtime may have so much memory, in pages of 64 KB; in a browser of its own, whose limit that is. */
async function withLittleMemory(
  { playwright, launchOptions, baseURL }: Surroundings,
  pages: number,
  use: (page: Page) => Promise<void>,
): Promise<void> {
  const args = [...(launchOptions.args ?? []), `--js-flags=--wasm-max-mem-pages=${pages}`]
  const browser = await playwright.chromium.launch({ ...launchOptions, args })
  try {
    await use(await browser.newPage(baseURL === undefined ? {} : { baseURL }))
  } finally {
    await browser.close()
  }
}

test('a model that memory does not suffice for is told, and the results of another stay @slow', async ({
  playwright,
  launchOptions,
  baseURL,
}) => {
  // Enough for nano, too little for mini.
  await withLittleMemory({ playwright, launchOptions, baseURL }, 256, async (page) => {
    await openPage(page)
    await page.getByRole('radio', { name: /^mini/ }).check({ force: true })
    await page.keyboard.press('Control+Enter')
    await expect(page.getByRole('alert').first()).toContainText(
      'The device ran out of memory for this model.',
    )
    await expectFacts(page, '12 of 12')
    await page.getByRole('radio', { name: /^nano/ }).check({ force: true })
    await textBox(page).focus()
    await paste(page, 'Sales rose.\nSales fell.')
    await page.keyboard.press('Control+Enter')
    await expectFacts(page, '2 of 2')
  })
})

test('a run that memory does not suffice for says so, and goes on with one text at a time', async ({
  playwright,
  launchOptions,
  baseURL,
}) => {
  const LONG = Array.from({ length: 60 }, (_, place) => `${place} ${'profit rose again '.repeat(30)}`)
  await withLittleMemory({ playwright, launchOptions, baseURL }, 384, async (page) => {
    await openPage(page)
    await textBox(page).focus()
    await paste(page, LONG.join('\n'))
    await page.keyboard.press('Control+Enter')
    const alert = page.getByRole('region', { name: 'Results' }).getByRole('alert')
    await expect(alert).toContainText('The run failed')
    await expect(alert).toContainText('ran out of memory')
    await page.getByRole('button', { name: /^(Try again|Continue)/ }).click()
    await expectFacts(page, '60 of 60', 50_000)
    const footer = page.getByRole('note', { name: 'How these results were made' })
    await expect(footer).toContainText('one text at a time, because memory ran short')
    await page.getByRole('button', { name: /^0 profit/ }).click()
    await expect(page.getByText(/batches: one text at a time, because memory ran short/)).toBeVisible()
  })
})
