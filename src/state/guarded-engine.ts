import { failure } from '../domain/outcome'
import type { EngineOutcome } from '../engine/contract'
import type { EngineClient } from '../engine/engine-client'

const ADVICE = 'Restart the engine from its panel at the top; text and results stay.'

async function settled<T>(answer: Promise<EngineOutcome<T>>): Promise<EngineOutcome<T>> {
  try {
    return await answer
  } catch (error) {
    const said = error instanceof Error ? error.message : String(error)
    return failure({
      code: 'runtime',
      message: `The engine met an error it did not expect: ${said}. ${ADVICE}`,
    })
  }
}

/** The same engine, but a bug in it ends what was asked with a sentence instead of leaving it waiting for ever. */
export function guardedEngine(engine: EngineClient): EngineClient {
  return {
    survey: () => settled(engine.survey()),
    findGpu: () => settled(engine.findGpu()),
    load: (request, options) => settled(engine.load(request, options)),
    classify: (request, options) => settled(engine.classify(request, options)),
    inspect: (request) => settled(engine.inspect(request)),
    explain: (request, options) => settled(engine.explain(request, options)),
    learn: (request, options) => settled(engine.learn(request, options)),
    addAdapter: (request) => settled(engine.addAdapter(request)),
    removeAdapter: (request) => settled(engine.removeAdapter(request)),
    exportModel: (request, options) => settled(engine.exportModel(request, options)),
    free: (model) => engine.free(model),
    onLost: (listener) => engine.onLost(listener),
    restart: () => engine.restart(),
  }
}
