/** The worker in which all contestants run: one ONNX Runtime, one thread setting, the same texts. */
import type { Backend } from '../../../src/engine/contract'
import { gpuBuild, runtimePaths } from '../../../workers/runtime/builds'
import { configureRuntime } from '../../../workers/runtime/configure'
import { findGpuAdapter } from '../../../workers/runtime/gpu-adapter'
import type { Answer, BenchWorker, Contestant, LoadRequest } from '../contract'
import { loadLimits, type Limits } from './limits'
import { loadOurs, type Ours } from './ours'
import { loadPeer, type Peer } from './peer'
import { readTask } from './model-files'

const asset = (path: string) => new URL(`../${path}`, self.location.href)
/** As in the page's engine worker. */
const threadsOfPage = () =>
  self.crossOriginIsolated ? Math.min(4, Math.ceil(navigator.hardwareConcurrency / 2)) : 1

interface Contest {
  readonly ours?: Ours
  readonly limits?: Limits
  readonly peer?: Peer
}

let contest: Contest = {}

const present = <T>(part: T | undefined): T => {
  if (part === undefined) throw new Error('This contestant was not loaded')
  return part
}

/** The work of one measurement, with what is to be done beforehand already done; resolves to tokens where it counts them. */
function prepared(contestant: Contestant, texts: readonly string[]): () => Promise<number> {
  const { ours, limits, peer } = contest
  switch (contestant.kind) {
    case 'ours':
      return () => present(ours).classify(contestant.mode, texts)
    case 'encoder':
      return present(limits).encoder(texts)
    case 'graph':
      return present(limits).graph(texts)
    case 'equal-lengths':
      return present(limits).equalLengths(texts)
    case 'pipeline':
      return uncounted(() => present(peer).generated(texts, contestant.batch))
    case 'forward':
      return uncounted(() => present(peer).scored(texts, contestant.batch))
  }
}

/** The peer does not say how many tokens it ran. */
const uncounted = (work: () => Promise<unknown>) => async (): Promise<number> => {
  await work()
  return 0
}

async function timed(work: () => Promise<number>): Promise<{ elapsedMs: number; tokens: number }> {
  const started = performance.now()
  const tokens = await work()
  return { elapsedMs: performance.now() - started, tokens }
}

function configure(backend: Backend, threads: number): number {
  const used = threads || threadsOfPage()
  const build = backend === 'webgpu' ? gpuBuild() : 'plain'
  configureRuntime({ threads: used, paths: runtimePaths(asset(''), build) })
  return used
}

async function load({ parts, model, numberFormat, backend = 'wasm', threads }: LoadRequest) {
  const used = configure(backend, threads)
  const models = asset('models/')
  const task = await readTask(models, model)
  const loadMs: number[] = []
  for (const part of parts) {
    const started = performance.now()
    if (part === 'ours')
      contest = { ...contest, ours: await loadOurs(models, model, { numberFormat, backend, threads: used }) }
    else if (part === 'limits')
      contest = { ...contest, limits: await loadLimits(models, model, numberFormat) }
    else contest = { ...contest, peer: await loadPeer(asset('peer/'), model, numberFormat, task) }
    loadMs.push(performance.now() - started)
  }
  const { weightsBytes = 0, adapters = [], check } = contest.ours?.summary ?? {}
  return { threads: used, loadMs, weightsBytes, adapters, ...(check && { check }) }
}

async function timeEach(contestants: readonly Contestant[], texts: readonly string[]): Promise<number[][]> {
  const times = contestants.map((): number[] => [])
  for (const [round, text] of texts.entries()) {
    for (let turn = 0; turn < contestants.length; turn += 1) {
      const place = (turn + round) % contestants.length
      const contestant = contestants[place]
      if (contestant) times[place]?.push((await timed(prepared(contestant, [text]))).elapsedMs)
    }
  }
  return times
}

async function answers(contestant: Contestant, texts: readonly string[]): Promise<Answer[]> {
  const { ours, peer } = contest
  if (contestant.kind === 'ours') return present(ours).answers(contestant.mode, texts)
  if (contestant.kind === 'pipeline') return present(peer).generated(texts, contestant.batch)
  if (contestant.kind === 'forward') return present(peer).scored(texts, contestant.batch)
  throw new Error('This contestant gives no answers')
}

globalThis.bench = {
  load,
  findGpu: findGpuAdapter,
  timeEach,
  timeAll: (contestant, texts) => timed(prepared(contestant, texts)),
  answers,
} satisfies BenchWorker
