/** The engine room: the contract's verbs over models, prompts and scores. It never reaches for the network itself. */
import type { Engine } from '../../src/engine/contract'
import { classify } from './classify'
import { EngineFailure } from './engine-failure'
import { explain, inspect } from './explain'
import { Jobs } from './jobs'
import { loadModel, type EngineParts, type LoadedModel } from './load-model'

/** Makes an engine; it holds the models loaded last, one per name. */
export function createEngine(parts: EngineParts): Engine {
  const jobs = new Jobs()
  const models = new Map<string, LoadedModel>()
  const { threads, isCrossOriginIsolated, now } = parts

  const loaded = (name: string): LoadedModel => {
    const model = models.get(name)
    if (model) return model
    throw new EngineFailure('invalid-request', `The model ${name} is not loaded. Load it first.`)
  }

  return {
    survey: () => Promise.resolve({ backends: ['wasm'], threads, isCrossOriginIsolated }),
    load: (job, request, onProgress) =>
      jobs.run(job, async (checkpoint) => {
        const known = models.get(request.model)
        if (known?.summary.numberFormat === request.numberFormat) return known.summary
        const model = await loadModel(parts, request, onProgress, checkpoint)
        models.set(request.model, model)
        await known?.t5.dispose()
        return model.summary
      }),
    classify: (job, request, onResults) =>
      jobs.run(job, (checkpoint) => classify(loaded(request.model), request, onResults, { checkpoint, now })),
    inspect: (job, request) => jobs.run(job, () => inspect(loaded(request.model), request)),
    explain: (job, request) =>
      jobs.run(job, (checkpoint) => explain(loaded(request.model), request, { checkpoint, now })),
    cancel: (job) => {
      jobs.cancel(job)
      return Promise.resolve()
    },
  }
}
