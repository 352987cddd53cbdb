import type {
  Page,
  PlaywrightTestOptions,
  PlaywrightWorkerArgs,
  PlaywrightWorkerOptions,
  Browser,
} from '@playwright/test'
import { expect } from './page'

type Surroundings = Pick<PlaywrightWorkerArgs, 'playwright'> &
  Pick<PlaywrightWorkerOptions, 'launchOptions'> &
  Pick<PlaywrightTestOptions, 'baseURL'>

/** Makes Chromium offer its software adapter to WebGPU: slow, but it computes what a graphics device would. */
const gpuArgs = ['--enable-unsafe-webgpu', '--use-webgpu-adapter=swiftshader', '--enable-features=Vulkan']

/** A browser with a software adapter. */
export const launchSoftwareGpu = (
  { playwright, launchOptions }: Omit<Surroundings, 'baseURL'>,
  more: readonly string[] = [],
): Promise<Browser> =>
  playwright.chromium.launch({
    ...launchOptions,
    args: [...(launchOptions.args ?? []), ...gpuArgs, ...more],
  })

/** The page in a browser of its own with a software adapter. */
export async function withSoftwareGpu(
  { baseURL, ...surroundings }: Surroundings,
  use: (page: Page, browser: Browser) => Promise<void>,
  more: readonly string[] = [],
): Promise<void> {
  const browser = await launchSoftwareGpu(surroundings, more)
  try {
    await use(await browser.newPage(baseURL === undefined ? {} : { baseURL }), browser)
  } finally {
    await browser.close()
  }
}

/** Runs code in every engine worker before its own, as a browser or driver of another make would have it. */
export async function beforeEngine(page: Page, code: string): Promise<void> {
  await page.route('**/assets/engine.worker-*.js', async (route) => {
    const response = await route.fetch()
    await route.fulfill({ response, body: `${code}\n${await response.text()}` })
  })
}

/** Picks a backend in the engine's panel, and closes the panel. */
export async function pickBackend(page: Page, name: 'Auto' | 'WASM' | 'WebGPU'): Promise<void> {
  await page.getByRole('button', { name: /^Engine:/ }).click()
  await page.getByRole('radio', { name, exact: true }).check({ force: true })
  await page.keyboard.press('Escape')
  await expect(page.getByRole('region', { name: 'Engine' })).toBeHidden()
}

/** Waits until the engine's chip says that a model is ready on a backend. */
export async function expectReadyOn(
  page: Page,
  backend: 'WASM' | 'WebGPU',
  timeoutMs: number,
): Promise<void> {
  const chip = page.getByRole('button', { name: /^Engine:/ })
  await expect(chip).toContainText(new RegExp(`${backend}.*ready`), { timeout: timeoutMs })
}
