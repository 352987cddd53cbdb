/** Finds out what a folder of files is, from its names and its small files, and how it could be taken. */
import { ModelFormatError } from '../formats/format-error'
import { JsonFields } from '../formats/json-fields'
import type { PublishedFile } from '../../src/store/contract'
import type { Conversion } from './conversion'
import { recogniseAdapter } from './recognise/adapter'
import { recogniseOnnx } from './recognise/onnx'
import { recognisePack } from './recognise/pack'
import { recogniseWeights } from './recognise/weights'
import type { Folder, Recognised } from './recognise/recognised'

/**
 * Looks at a folder as each kind of model in turn. Kinds that are there but cannot be used say why; where none can, their
 * reasons are the answer.
 */
export async function recognise(
  files: readonly PublishedFile[],
  read: (file: PublishedFile) => Promise<Uint8Array<ArrayBuffer>>,
  conversions: readonly Conversion[],
): Promise<Recognised> {
  const byPath = new Map(files.map((file) => [file.path, file]))
  const folder: Folder = {
    files,
    find: (path) => byPath.get(path),
    async fields(path) {
      const file = byPath.get(path)
      return file && JsonFields.parse(await read(file), path)
    },
    async bytes(path) {
      const file = byPath.get(path)
      return file && read(file)
    },
  }
  const found: Recognised[] = []
  for (const look of [
    recognisePack,
    recogniseAdapter,
    (each: Folder) => recogniseWeights(each, conversions),
    recogniseOnnx,
  ]) {
    const each = await look(folder).catch((error: unknown): Recognised => {
      if (error instanceof ModelFormatError) return { choices: [], unusable: `${error.message}.` }
      throw error
    })
    if (each) found.push(each)
    // A pack says itself what it is; whatever else its files look like does not count.
    if (look === recognisePack && each) break
  }
  const usable = found.filter(({ choices }) => choices.length > 0)
  const [first] = usable
  if (first) return { ...first, choices: usable.flatMap(({ choices }) => choices) }
  const reasons = found.flatMap(({ unusable }) => unusable ?? [])
  return { choices: [], unusable: reasons.length > 0 ? reasons.join(' ') : nothing(files) }
}

function nothing(files: readonly PublishedFile[]): string {
  const has = (pattern: RegExp) => files.some(({ path }) => pattern.test(path))
  if (has(/\.gguf$/))
    return 'It has weights in GGUF only, which run elsewhere. Look for a copy in safetensors.'
  if (has(/(^|\/)config\.json$/) && !has(/^config\.json$/))
    return 'There is a model in one of its folders, not at the top. Open that folder by itself.'
  return 'There is no config.json, adapter_config.json or model.json, so it is no model of a kind that runs here: T5 in safetensors or ONNX, an encoder classifier in ONNX, a PEFT adapter, or a folder of our own.'
}
