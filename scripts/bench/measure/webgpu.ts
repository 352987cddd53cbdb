import type { Worker } from '@playwright/test'
import { withWorker } from '../chromium'
import type { Contestant } from '../contract'
import { figure, type Figure } from '../figure'
import { withGpu } from '../gpu'
import { ratios } from '../statistics'
import type { Bench, Subject } from '../subject'

/** Few, because the software adapter takes some tenths of a second for each. */
const warmUpTexts = 2
const timedTexts = 16
const ours: Contestant = { kind: 'ours', mode: { kind: 'zero-shot' } }

/** The smallest model on WebGPU beside WASM, on the machine's graphics device or on the software adapter. */
export async function measureWebGpu(bench: Bench, subject: Subject | undefined): Promise<Figure[]> {
  if (!subject) return []
  const { address, say } = bench
  say(`${subject.name}: WebGPU`)
  const figures = await withGpu(address, async ({ browser, device }) => {
    const texts = bench.texts.slice(0, timedTexts)
    const request = { parts: ['ours'] as const, model: subject.model, threads: bench.threads }
    const wasm = await withWorker(browser, address, async (worker) => {
      await load(worker, { ...request, numberFormat: 'int8' })
      return timed(worker, texts)
    })
    return withWorker(browser, address, async (worker) => {
      const loaded = await load(worker, { ...request, numberFormat: 'int8-weights', backend: 'webgpu' })
      const webGpu = await timed(worker, texts)
      const name = `${subject.name}-weights, WebGPU (${device})`
      const { check } = loaded
      return [
        figure(name, 'loading, shaders and check included', 'ms', loaded.loadMs),
        figure(name, 'one text', 'ms', webGpu.each),
        figure(name, 'one text against int8 on WASM', '×', ratios(webGpu.each, wasm.each)),
        figure(name, `${texts.length} texts`, 'texts/s', [(texts.length * 1000) / webGpu.allMs]),
        figure(name, `${texts.length} texts, time against int8 on WASM`, '×', [webGpu.allMs / wasm.allMs]),
        ...(check
          ? [
              figure(
                name,
                `greatest difference of a probability from fp32 on WASM, same weights, ${check.texts} texts`,
                '%',
                [check.maxDifference * 100],
                { bound: 'at most', value: 0.5 },
              ),
            ]
          : []),
      ]
    })
  })
  if (!figures) say('This browser offers no adapter for WebGPU: it is left out.')
  return figures ?? []
}

const load = (worker: Worker, request: Parameters<typeof bench.load>[0]) =>
  worker.evaluate((asked) => bench.load(asked), request)

async function timed(worker: Worker, texts: readonly string[]) {
  const each = (some: readonly string[]) =>
    worker.evaluate((asked) => bench.timeEach([asked.ours], asked.some), { ours, some })
  await each(texts.slice(0, warmUpTexts))
  const [milliseconds = []] = await each(texts)
  const all = await worker.evaluate((asked) => bench.timeAll(asked.ours, asked.texts), { ours, texts })
  return { each: milliseconds, allMs: all.elapsedMs }
}
