import { createHash } from 'node:crypto'
import { ModelFormatError } from '../../workers/formats/format-error'
import { JsonFields } from '../../workers/formats/json-fields'
import { parseSafetensors, type SafetensorsFile } from '../../workers/formats/safetensors'
import type { TensorView } from '../../workers/formats/tensor-view'
import type { SourceFolder } from './source-folder'

const SINGLE = 'model.safetensors'
const INDEX = 'model.safetensors.index.json'

export interface SourceWeights {
  readonly fileName: string
  readonly file: SafetensorsFile
  /** Of the file, or of all shards one after another in the order of their names. */
  readonly sha256: string
}

/** Reads `model.safetensors`, or the shards that `model.safetensors.index.json` names. */
export async function readWeights(folder: SourceFolder): Promise<SourceWeights> {
  const index = await folder.readIfPresent(INDEX)
  if (!index) {
    const bytes = await folder.read(SINGLE)
    const sha256 = createHash('sha256').update(bytes).digest('hex')
    return { fileName: SINGLE, file: parseSafetensors(bytes, SINGLE), sha256 }
  }
  const shardOf = readWeightMap(index)
  const hash = createHash('sha256')
  const tensors = new Map<string, TensorView>()
  for (const shard of [...new Set(shardOf.values())].sort()) {
    const bytes = await folder.read(shard)
    hash.update(bytes)
    for (const [name, tensor] of parseSafetensors(bytes, shard).tensors)
      if (shardOf.get(name) === shard) tensors.set(name, tensor)
  }
  for (const [name, shard] of shardOf)
    if (!tensors.has(name))
      throw new ModelFormatError(shard, `tensor "${name}"`, `it, as ${INDEX} says`, 'no tensor of this name')
  return { fileName: INDEX, file: { metadata: new Map(), tensors }, sha256: hash.digest('hex') }
}

function readWeightMap(bytes: Uint8Array): ReadonlyMap<string, string> {
  const map = JsonFields.parse(bytes, INDEX).fields('weight_map')
  return new Map(
    map.names.map((name) => {
      const shard = map.text(name)
      if (!/^[\w-][\w.-]*\.safetensors$/.test(shard))
        throw map.error(name, 'the name of a safetensors file in the folder')
      return [name, shard]
    }),
  )
}
