/** Loads, switches and frees models over and over, and looks whether a browser's memory is back where it was. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser, Worker } from '@playwright/test'
import type { Backend, NumberFormat } from '../../src/engine/contract'
import { launchBrowser, withWorker } from '../bench/chromium'
import type { CycleRequest } from '../bench/contract'
import { withGpu } from '../bench/gpu'
import { gpuProcessBytes, rendererBytes } from '../bench/renderer-memory'
import { buildSite } from '../bench/site'
import { createStaticServer, listen } from '../setup/server.mjs'

/** How far from where it was memory may be after all rounds. */
export const MEMORY_SHARE = 0.1
/** Until code is compiled and heaps have their size. */
const settlingRounds: Readonly<Record<Backend, number>> = { wasm: 5, webgpu: 2 }
/** Lets a worker collect what nothing refers to any more. */
const collecting = ['--js-flags=--expose-gc']

const host = '127.0.0.1'
const TEXTS = ['Profit rose in the third quarter.', 'Shares fell.', 'The company names a new chair.']

const MODELS: Readonly<Record<Backend, readonly string[]>> = {
  wasm: ['smallcap-t5-nano', 'smallcap-t5-mini'],
  // The software adapter takes several seconds for each load.
  webgpu: ['smallcap-t5-nano'],
}

interface CyclesRequest {
  /** Of the built site of the benchmark. */
  readonly address: string
  readonly backend: Backend
  readonly models: readonly string[]
  readonly rounds: number
}

/** Megabytes before and after the rounds; undefined for the graphics process on WASM. */
export interface MemoryAfter {
  readonly device: string
  readonly renderer: readonly [before: number, after: number]
  readonly gpuProcess?: readonly [before: number, after: number]
}

const FORMATS: Readonly<Record<Backend, NumberFormat>> = { wasm: 'int8', webgpu: 'int8-weights' }

/** Runs the rounds in a browser of their own; undefined where it offers no WebGPU, or the system does not tell of memory. */
async function cycleModels(request: CyclesRequest): Promise<MemoryAfter | undefined> {
  const { address, backend } = request
  if (backend === 'webgpu')
    return withGpu(address, ({ browser, device }) => measure(browser, device, request), collecting)
  const browser = await launchBrowser(collecting)
  try {
    return await measure(browser, 'WASM', request)
  } finally {
    await browser.close()
  }
}

function measure(
  browser: Browser,
  device: string,
  { address, backend, models, rounds }: CyclesRequest,
): Promise<MemoryAfter | undefined> {
  return withWorker(browser, address, async (worker) => {
    const cycle = (count: number) =>
      worker.evaluate((asked) => bench.cycle(asked), {
        ...{ backend, texts: TEXTS, rounds: count },
        models: models.map((model) => ({ model, numberFormat: FORMATS[backend] })),
      } satisfies CycleRequest)
    await cycle(settlingRounds[backend])
    const before = await sizes(browser, worker)
    await cycle(rounds)
    const after = await sizes(browser, worker)
    if (before.renderer === undefined || after.renderer === undefined) return undefined
    const ofGpu =
      backend === 'webgpu' && before.gpuProcess !== undefined && after.gpuProcess !== undefined
        ? { gpuProcess: [before.gpuProcess, after.gpuProcess] as const }
        : {}
    return { device, renderer: [before.renderer, after.renderer], ...ofGpu }
  })
}

async function sizes(browser: Browser, worker: Worker) {
  // Twice, with a pause: the first lets go of what the second can then collect, buffers of a device among it.
  for (let turn = 0; turn < 2; turn += 1)
    await worker.evaluate(async () => {
      const { gc } = globalThis as { readonly gc?: () => void }
      gc?.()
      await new Promise((resolve) => setTimeout(resolve, 500))
    })
  const megabytes = (bytes: number | undefined) => (bytes === undefined ? undefined : bytes / 1e6)
  return {
    renderer: megabytes(await rendererBytes(browser)),
    gpuProcess: megabytes(await gpuProcessBytes(browser)),
  }
}

/** Runs the rounds on a site of their own; undefined as {@link cycleModels}. */
export async function memoryAfterCycles(backend: Backend, rounds: number): Promise<MemoryAfter | undefined> {
  const folder = await mkdtemp(join(tmpdir(), 'smallcap-cycles-'))
  const models = MODELS[backend]
  await buildSite(folder, models, 'no-reference')
  const server = createStaticServer(folder)
  try {
    const address = `http://${host}:${await listen(server, 0, host)}/`
    return await cycleModels({ address, backend, models, rounds })
  } finally {
    server.close()
    await rm(folder, { recursive: true })
  }
}

/** As the soak tells of them; answers how many of the demands are not met. */
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
          `${memory?.device ?? backend}: PSS of ${name} ${before} → ${after} MB`,
      )
    }
  }
  return failed
}

/** How much larger the second is, as a share of the first. */
export const growth = ([before, after]: readonly [number, number]): number => after / before - 1
