import { parseAdapter } from '../formats/adapter'
import type { AddAdapterRequest } from '../../src/engine/contract'
import { EngineFailure } from './engine-failure'
import type { JobContext } from './jobs'
import type { LoadedModel, T5Parts } from './loaded-model'
import type { ModelSource } from './model-source'
import { readModelFiles, sha256Of } from './read-model-files'

/** A model with other adapters, and what lets go of what it needed for those of before. */
export interface Changed {
  readonly model: LoadedModel
  readonly letGo: () => Promise<void>
}

const CONFIG = 'adapter_config.json'
const WEIGHTS = 'adapter_model.safetensors'

/** @throws EngineFailure `invalid-request` for a model that takes no adapters; ModelFormatError for one that does not fit it */
export async function addAdapter(
  model: LoadedModel,
  { adapter: name, origin }: AddAdapterRequest,
  source: ModelSource,
  context: JobContext,
): Promise<Changed> {
  const t5 = adaptable(model)
  if (name === 'base') throw new EngineFailure('invalid-request', 'An adapter cannot be called base.')
  const files =
    origin.kind === 'files'
      ? { folder: name, config: origin.config, weights: origin.weights }
      : await readStored(source, origin.model, name, context)
  const adapter = { ...parseAdapter(t5.config, files), name }
  const sha256 = await sha256Of(files.weights)
  const adapters = new Map(model.adapters).set(name, adapter)
  return changed(model, t5, adapters, { ...model.summary.weightsSha256, [name]: sha256 })
}

/** @throws EngineFailure `invalid-request` when the model has no such adapter */
export function removeAdapter(model: LoadedModel, name: string): Changed {
  const t5 = adaptable(model)
  const adapters = new Map(model.adapters)
  if (!adapters.delete(name))
    throw new EngineFailure('invalid-request', `${model.summary.model} has no adapter “${name}”.`)
  const hashes = Object.entries(model.summary.weightsSha256).filter(([weights]) => weights !== name)
  return changed(model, t5, adapters, Object.fromEntries(hashes))
}

export function adaptable({ t5, summary }: LoadedModel): T5Parts {
  if (t5) return t5
  throw new EngineFailure(
    'invalid-request',
    `${summary.model} is a published ONNX folder, whose weights cannot be changed. Take the model in safetensors instead.`,
  )
}

function changed(
  model: LoadedModel,
  t5: T5Parts,
  adapters: LoadedModel['adapters'],
  weightsSha256: Readonly<Record<string, string>>,
): Changed {
  const letGo = t5.model.adapt([...adapters.values()])
  const summary = { ...model.summary, adapters: [...adapters.keys()], weightsSha256 }
  return { model: { ...model, adapters, summary }, letGo }
}

async function readStored(
  source: ModelSource,
  stored: string,
  folder: string,
  context: JobContext,
): Promise<{
  readonly folder: string
  readonly config: Uint8Array<ArrayBuffer>
  readonly weights: Uint8Array<ArrayBuffer>
}> {
  const files = await readModelFiles(source, stored, () => undefined, context)
  return { folder, config: files.bytes(CONFIG), weights: files.bytes(WEIGHTS) }
}
