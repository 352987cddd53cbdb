/** The engine room: the contract's verbs over models, prompts and scores. It never reaches for the network itself. */
import type { Engine, LoadProgress, LoadRequest, ModelSummary } from '../../src/engine/contract'
import { classify } from './classify'
import { explain, inspect } from './explain'
import { HandedOver } from './handed-over'
import { Jobs, type JobContext } from './jobs'
import { loadModel, type EngineParts } from './load-model'
import { ModelShelf } from './model-shelf'

/** Makes an engine; it holds the models loaded last, one per name. */
export function createEngine(parts: EngineParts): Engine {
  const { threads, isCrossOriginIsolated, gpu, now } = parts
  const jobs = new Jobs(now)
  const shelf = new ModelShelf()
  const handedOver = new HandedOver()
  let lastLoad: Promise<unknown> = Promise.resolve()

  async function load(
    request: LoadRequest,
    onProgress: (progress: LoadProgress) => void | Promise<void>,
    context: JobContext,
  ): Promise<ModelSummary> {
    const known = shelf.get(request.model)
    const { numberFormat, backend = 'wasm' } = request
    const isInFormat = numberFormat === undefined || known?.summary.numberFormat === numberFormat
    if (isInFormat && known?.summary.backend === backend) return known.summary
    const model = await loadModel(parts, request, onProgress, context)
    await shelf.put(request.model, model)
    return model.summary
  }

  return {
    survey: () => Promise.resolve({ threads, isCrossOriginIsolated }),
    findGpu: () => gpu?.find() ?? Promise.resolve(undefined),
    untilLost: () => gpu?.lost ?? new Promise(() => undefined),
    load: (job, request, onProgress) =>
      jobs.run(job, (context) => {
        // One at a time, so that asking twice for a model loads it once.
        const loaded = lastLoad.then(() => load(request, onProgress, context))
        lastLoad = loaded.catch(() => undefined)
        return loaded
      }),
    handOver: (job, texts) => {
      handedOver.add(job, texts)
      return Promise.resolve()
    },
    classify: (job, request, onResults) => {
      const texts = handedOver.take(job, request.texts)
      return jobs.run(job, (context) =>
        shelf.use(request.model, (model) => classify(model, { ...request, texts }, onResults, context)),
      )
    },
    inspect: (job, request) =>
      jobs.run(job, (context) => shelf.use(request.model, (model) => inspect(model, request, context))),
    explain: (job, request) =>
      jobs.run(job, (context) => shelf.use(request.model, (model) => explain(model, request, context))),
    free: (model) => {
      // In its turn, so that a load that was asked for before does not bring it back.
      const freed = lastLoad.then(() => shelf.remove(model))
      lastLoad = freed
      return freed
    },
    cancel: (job) => {
      handedOver.take(job, [])
      jobs.cancel(job)
      return Promise.resolve()
    },
  }
}
