/** Loads, switches and frees models over and over, and looks whether a browser's memory is back where it was. */
import { cp, mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Browser, Page } from '@playwright/test'
import type { Backend } from '../../src/engine/contract'
import { gpuArgs, launchBrowser } from '../bench/chromium'
import { ownProcessBytes } from '../bench/renderer-memory'
import { buildWorkerPage } from '../bench/site'
import { createStaticServer, listen } from '../setup/server.mjs'
import { root } from '../setup/process.mjs'
import type { CycleRequest } from './engine-page/contract'

/** How far above where it was memory may be after all rounds. */
export const MEMORY_SHARE = 0.1
/** Until code is compiled and caches are filled. */
const settlingRounds = 5
/** Time for workers that were ended to be gone. */
const restMs = 2000
/** Lets the page collect what nothing refers to any more. */
const collecting = '--js-flags=--expose-gc'
const host = '127.0.0.1'
const pageFolder = fileURLToPath(new URL('engine-page', import.meta.url))

const MODELS: Readonly<Record<Backend, readonly string[]>> = {
  wasm: ['smallcap-t5-nano', 'smallcap-t5-mini'],
  // The software adapter takes several seconds for each load.
  webgpu: ['smallcap-t5-nano'],
}
const TEXTS = ['Profit rose in the third quarter.', 'Shares fell.', 'The company names a new chair.']

/** Megabytes before and after the rounds; of the graphics process where it is what WebGPU runs in. */
export interface MemoryAfter {
  /** What the models ran on. */
  readonly device: string
  readonly renderer: readonly [before: number, after: number]
  readonly gpuProcess?: readonly [before: number, after: number]
}

/** Runs the rounds in a browser of their own; undefined where it offers no such backend, or the system tells no memory. */
export async function memoryAfterCycles(backend: Backend, rounds: number): Promise<MemoryAfter | undefined> {
  const folder = await mkdtemp(join(tmpdir(), 'smallcap-cycles-'))
  await buildWorkerPage(pageFolder, folder)
  await mkdir(join(folder, 'models'))
  for (const model of MODELS[backend])
    await cp(join(root, 'public/models', model), join(folder, 'models', model), { recursive: true })
  const server = createStaticServer(folder)
  try {
    const address = `http://${host}:${await listen(server, 0, host)}/`
    for (const args of backend === 'wasm' ? [[]] : [gpuArgs.device, gpuArgs.software]) {
      const browser = await launchBrowser([...args, collecting])
      try {
        const page = await openPage(browser, address)
        const device = backend === 'wasm' ? 'WASM' : await deviceOf(page)
        if (device !== undefined) return await measure(browser, page, device, backend, rounds)
      } finally {
        await browser.close()
      }
    }
    return undefined
  } finally {
    server.close()
    await rm(folder, { recursive: true })
  }
}

async function openPage(browser: Browser, address: string): Promise<Page> {
  const page = await browser.newPage()
  await page.goto(address)
  await page.waitForFunction(() => 'enginePage' in globalThis)
  return page
}

async function deviceOf(page: Page): Promise<string | undefined> {
  const adapter = await page.evaluate(() => enginePage.findGpu())
  return adapter && `${adapter.name}${adapter.isSoftware ? ', software adapter' : ''}`
}

async function measure(
  browser: Browser,
  page: Page,
  device: string,
  backend: Backend,
  rounds: number,
): Promise<MemoryAfter | undefined> {
  const cycle = (count: number) =>
    page.evaluate((asked) => enginePage.cycle(asked), {
      ...{ backend, models: MODELS[backend], texts: TEXTS, rounds: count },
    } satisfies CycleRequest)
  await cycle(settlingRounds)
  const before = await sizes(browser, page)
  await cycle(rounds)
  const after = await sizes(browser, page)
  if (before.renderer === undefined || after.renderer === undefined) return undefined
  const ofGpu =
    backend === 'webgpu' && before.gpuProcess !== undefined && after.gpuProcess !== undefined
      ? { gpuProcess: [before.gpuProcess, after.gpuProcess] as const }
      : {}
  return { device, renderer: [before.renderer, after.renderer], ...ofGpu }
}

async function sizes(browser: Browser, page: Page) {
  await page.evaluate(async (ms) => {
    const { gc } = globalThis as { readonly gc?: () => void }
    gc?.()
    await new Promise((resolve) => setTimeout(resolve, ms))
    gc?.()
  }, restMs)
  const megabytes = (bytes: number | undefined) => (bytes === undefined ? undefined : bytes / 1e6)
  return {
    renderer: megabytes(await ownProcessBytes(browser, 'renderer')),
    gpuProcess: megabytes(await ownProcessBytes(browser, 'GPU')),
  }
}

/** As the soak tells of it; answers how many of the demands are not met. */
export async function longCycles(rounds: number, say: (line: string) => void): Promise<number> {
  let failed = 0
  for (const backend of ['wasm', 'webgpu'] as const) {
    const memory = await memoryAfterCycles(backend, rounds)
    if (!memory)
      say(`        models on ${backend}: not measured; there is no such backend, or no PSS to read`)
    for (const [name, sizes] of [
      ['the renderer', memory?.renderer],
      ['the graphics process', memory?.gpuProcess],
    ] as const) {
      if (!sizes) continue
      const isMet = growth(sizes) < MEMORY_SHARE
      if (!isMet) failed += 1
      const [before, after] = sizes.map(Math.round)
      say(
        `${isMet ? 'ok      ' : 'FAILED  '}${rounds} times models loaded, switched and freed on ` +
          `${memory?.device ?? backend}: own memory of ${name} ${before} → ${after} MB`,
      )
    }
  }
  return failed
}

/** How much larger the second is, as a share of the first. */
export const growth = ([before, after]: readonly [number, number]): number => after / before - 1
