import type {
  Page,
  PlaywrightTestOptions,
  PlaywrightWorkerArgs,
  PlaywrightWorkerOptions,
} from '@playwright/test'
import { expect } from './page'

type Surroundings = Pick<PlaywrightWorkerArgs, 'playwright'> &
  Pick<PlaywrightWorkerOptions, 'launchOptions'> &
  Pick<PlaywrightTestOptions, 'baseURL'>

/** Makes Chromium offer its software adapter to WebGPU: slow, but it computes what a graphics device would. */
const gpuArgs = ['--enable-unsafe-webgpu', '--use-webgpu-adapter=swiftshader', '--enable-features=Vulkan']

/** The page in a browser of its own with a software adapter. */
export async function withSoftwareGpu(
  { playwright, launchOptions, baseURL }: Surroundings,
  use: (page: Page) => Promise<void>,
): Promise<void> {
  const args = [...(launchOptions.args ?? []), ...gpuArgs]
  const browser = await playwright.chromium.launch({ ...launchOptions, args })
  try {
    await use(await browser.newPage(baseURL === undefined ? {} : { baseURL }))
  } finally {
    await browser.close()
  }
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
