import { parseAdapter, type AdapterFiles } from '../formats/adapter'
import { whyMisfit } from '../formats/adapter-fit'
import { ModelFormatError } from '../formats/format-error'
import type { AdapterOrigin, PutAdapter } from '../../src/engine/adapters'
import type { EngineErrorCode } from '../../src/engine/contract'
import { EngineFailure, expectedError } from './engine-failure'
import { exportBytes } from './export-bytes'
import type { JobContext } from './jobs'
import type { LoadedModel, T5Parts } from './loaded-model'
import type { ModelSource } from './model-source'
import { readModelFiles, sha256Of } from './read-model-files'

/** A model with other adapters, and what lets go of what it needed for those of before. */
export interface Changed {
  readonly model: LoadedModel
  readonly letGo: () => Promise<void>
}

/** Puts a change of a model in its place; see ModelShelf. */
export type Change = (work: (model: LoadedModel) => Changed | Promise<Changed>) => Promise<LoadedModel>

const CONFIG = 'adapter_config.json'
const WEIGHTS = 'adapter_model.safetensors'

/** What is wrong with an adapter and not with the engine, so that the model is of use without it. */
const REFUSALS: readonly EngineErrorCode[] = ['invalid-model', 'invalid-request', 'model-unavailable']

/** @throws EngineFailure with a sentence for a model that takes no adapters, or for an adapter that does not fit it */
export async function addAdapter(
  model: LoadedModel,
  { adapter: name, origin }: PutAdapter,
  source: ModelSource,
  context: JobContext,
): Promise<Changed> {
  const t5 = adaptable(model)
  if (name === 'base') throw new EngineFailure('invalid-request', 'An adapter cannot be called base.')
  const files =
    origin.kind === 'files'
      ? { folder: name, config: origin.config, weights: origin.weights }
      : await readStored(source, origin.model, name, context)
  const adapter = { ...readFitting(t5, model.summary.model, files), name }
  const sha256 = await sha256Of(files.weights)
  const adapters = new Map(model.adapters).set(name, adapter)
  const put = new Map(model.put).set(name, origin)
  return changed({ ...model, put }, t5, adapters, { ...model.summary.weightsSha256, [name]: sha256 })
}

/** @throws EngineFailure `invalid-request` when the model has no such adapter */
export function removeAdapter(model: LoadedModel, name: string): Changed {
  const t5 = adaptable(model)
  const adapters = new Map(model.adapters)
  if (!adapters.delete(name))
    throw new EngineFailure('invalid-request', `${model.summary.model} has no adapter “${name}”.`)
  const put = new Map(model.put)
  put.delete(name)
  const hashes = Object.entries(model.summary.weightsSha256).filter(([weights]) => weights !== name)
  return changed({ ...model, put }, t5, adapters, Object.fromEntries(hashes))
}

/**
 * Makes `wanted` the adapters of a model besides its own. Those that cannot be put on it are left out, and its summary says
 * why: the model is of use without them.
 */
export async function fitAdapters(
  model: LoadedModel,
  wanted: readonly PutAdapter[],
  change: Change,
  source: ModelSource,
  context: JobContext,
): Promise<LoadedModel> {
  let fitted = model
  const isWanted = (name: string, origin: AdapterOrigin) =>
    wanted.some((each) => each.adapter === name && isSame(each.origin, origin))
  for (const [name, origin] of model.put)
    if (!isWanted(name, origin)) fitted = await change((before) => removeAdapter(before, name))
  const refused: Record<string, string> = {}
  for (const each of wanted) {
    if (fitted.put.has(each.adapter)) continue
    try {
      fitted = await change((before) => addAdapter(before, each, source, context))
    } catch (error) {
      const expected = expectedError(error)
      if (!expected || !REFUSALS.includes(expected.code)) throw error
      refused[each.adapter] = expected.message
    }
  }
  const { refusedAdapters = {}, ...summary } = fitted.summary
  const names = Object.keys(refused)
  if (names.length === 0 && Object.keys(refusedAdapters).length === 0) return fitted
  return change((before) => ({
    model: { ...before, summary: names.length > 0 ? { ...summary, refusedAdapters: refused } : summary },
    letGo: () => Promise.resolve(),
  }))
}

/** Bytes that were handed over are not compared: they are read again. */
const isSame = (a: AdapterOrigin, b: AdapterOrigin): boolean =>
  a.kind === 'stored' && b.kind === 'stored' && a.model === b.model

export function adaptable({ t5, summary }: LoadedModel): T5Parts {
  if (t5) return t5
  throw new EngineFailure(
    'invalid-request',
    `${summary.model} is a published ONNX folder, whose weights cannot be changed. Take the model in safetensors instead.`,
  )
}

function readFitting({ config }: T5Parts, model: string, files: AdapterFiles) {
  const refused = (why: string) =>
    new EngineFailure('invalid-model', `The adapter “${files.folder}” cannot be put on ${model}: ${why}.`)
  try {
    const misfit = whyMisfit(config, files.weights, `${files.folder}/${WEIGHTS}`)
    if (misfit !== undefined) throw refused(`it ${misfit}`)
    return parseAdapter(config, files)
  } catch (error) {
    throw error instanceof ModelFormatError ? refused(error.message) : error
  }
}

function changed(
  model: LoadedModel,
  t5: T5Parts,
  adapters: LoadedModel['adapters'],
  weightsSha256: Readonly<Record<string, string>>,
): Changed {
  const letGo = t5.model.adapt([...adapters.values()])
  const summary = {
    ...model.summary,
    adapters: [...adapters.keys()],
    weightsSha256,
    exportBytes: exportBytes(t5, adapters),
  }
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
