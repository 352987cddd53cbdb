/** The engine room: the contract's verbs over models, prompts and scores. It never reaches for the network itself. */
import type { Engine, JobId, LoadProgress, LoadRequest, ModelSummary } from '../../src/engine/contract'
import { addAdapter, fitAdapters, removeAdapter, type Change, type Changed } from './adapters'
import { classify } from './classify'
import { explain, inspect } from './explain'
import { exportModel } from './export-model'
import { HandedOver } from './handed-over'
import { Jobs, type JobContext } from './jobs'
import { learn } from './learn'
import { loadModel, type EngineParts } from './load-model'
import type { LoadedModel } from './loaded-model'
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
    // Published folders come in the format that they have, whatever was asked for.
    const isInFormat =
      numberFormat === undefined ||
      known?.summary.numberFormat === numberFormat ||
      known?.wanted === numberFormat
    const isUsable = known && isInFormat && known.summary.backend === backend
    const model = isUsable ? known : await loadModel(parts, request, onProgress, context)
    if (!isUsable) await shelf.put(request.model, model)
    if (!request.adapters) return model.summary
    const changeIt: Change = (work) => change(request.model, work)
    return (await fitAdapters(model, request.adapters, changeIt, parts.source, context)).summary
  }

  async function change(name: string, work: (model: LoadedModel) => Changed | Promise<Changed>) {
    const { model, letGo } = await shelf.use(name, async (before) => work(before))
    await shelf.change(name, model, letGo)
    return model
  }

  /** Changes a loaded model, one change after another: each begins with what the one before left. */
  const changing = (
    job: JobId,
    name: string,
    work: (model: LoadedModel, context: JobContext) => Changed | Promise<Changed>,
  ) =>
    jobs.run(job, (context) => {
      const done = lastLoad.then(async () => (await change(name, (before) => work(before, context))).summary)
      lastLoad = done.catch(() => undefined)
      return done
    })

  return {
    survey: () => Promise.resolve({ threads, isCrossOriginIsolated }),
    findGpu: () => gpu?.find() ?? Promise.resolve(undefined),
    heapBytes: () => Promise.resolve(parts.heapBytes()),
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
    learn: (job, request) =>
      jobs.run(job, (context) => shelf.use(request.model, (model) => learn(model, request, context, now))),
    addAdapter: (job, request) =>
      changing(job, request.model, (model, context) => addAdapter(model, request, parts.source, context)),
    removeAdapter: (job, { model: name, adapter }) =>
      changing(job, name, (model) => removeAdapter(model, adapter)),
    exportModel: (job, request, onPiece) =>
      jobs.run(job, (context) =>
        shelf.use(request.model, (model) => exportModel(model, request, onPiece, context)),
      ),
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
