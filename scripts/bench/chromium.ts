import { chromium, type Browser, type BrowserContext, type Worker } from '@playwright/test'
import { browserAdvice, provideBrowser } from '../setup/browser.mjs'
import { BadInput } from '../eval/bad-input'

/** What every browser of the benchmark is started with. */
async function launchOptions(more: readonly string[] = []) {
  const executablePath = await provideBrowser()
  if (executablePath === undefined) throw new BadInput(browserAdvice)
  const sandbox = process.getuid?.() === 0 ? ['--no-sandbox'] : []
  const quiet = [
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
    '--no-first-run',
  ]
  return { executablePath, args: [...sandbox, ...quiet, ...more] }
}

export const launchBrowser = async (more?: readonly string[]): Promise<Browser> =>
  chromium.launch(await launchOptions(more))

/** For WebGPU on the machine's graphics device, and on Chromium's software adapter, which computes the same on the processor. */
export const gpuArgs = {
  device: ['--enable-unsafe-webgpu', '--enable-features=Vulkan'],
  software: ['--enable-unsafe-webgpu', '--use-webgpu-adapter=swiftshader', '--enable-features=Vulkan'],
} as const

/** A browser with caches on disk in `folder`, as a person's has. */
export const launchProfile = async (folder: string): Promise<BrowserContext> =>
  chromium.launchPersistentContext(folder, await launchOptions())

/** Opens the benchmark's page in a process of its own, hands its worker over and closes it afterwards. */
export async function withWorker<T>(
  browser: Browser,
  address: string,
  use: (worker: Worker) => Promise<T>,
): Promise<T> {
  const context = await browser.newContext()
  try {
    const page = await context.newPage()
    const started = page.waitForEvent('worker')
    await page.goto(address)
    const worker = await started
    if (!(await worker.evaluate(() => globalThis.crossOriginIsolated)))
      throw new Error('The page of the benchmark is not cross-origin isolated')
    await worker.evaluate(async () => {
      while (!('bench' in globalThis)) await new Promise((resolve) => setTimeout(resolve, 5))
    })
    return await use(worker)
  } finally {
    await context.close()
  }
}
