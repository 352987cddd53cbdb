import { createHash } from 'node:crypto'
import { ModelFormatError, quoted } from '../../workers/formats/format-error'
import { JsonFields } from '../../workers/formats/json-fields'
import {
  parseSafetensorsHeader,
  PREFIX_BYTES,
  readHeaderLength,
  type SafetensorsHeader,
} from '../../workers/formats/safetensors-header'
import type { SourceFolder } from './source-folder'

const SINGLE = 'model.safetensors'
const INDEX = 'model.safetensors.index.json'

export interface SourceWeights {
  /** One file, or the shards in the order of their names. */
  readonly files: readonly string[]
  readonly tensors: ReadonlySet<string>
  /** Of the files one after another. */
  readonly sha256: string
}

/**
 * Finds `model.safetensors`, or the shards that `model.safetensors.index.json` names, and checks their headers. Throws
 * ModelFormatError naming the file and the tensor.
 */
export async function findWeights(folder: SourceFolder): Promise<SourceWeights> {
  const index = await folder.readIfPresent(INDEX)
  const shardOf = index && readWeightMap(index)
  const files = shardOf ? [...new Set(shardOf.values())].sort() : [SINGLE]
  const hash = createHash('sha256')
  const fileOf = new Map<string, string>()
  for (const file of files) {
    for (const { name } of (await readHeader(folder, file)).entries) {
      if (fileOf.has(name))
        throw new ModelFormatError(file, `tensor ${quoted(name)}`, 'it in one file only', 'it in two')
      fileOf.set(name, file)
    }
    for await (const piece of folder.pieces(file)) hash.update(piece)
  }
  for (const [name, shard] of shardOf ?? [])
    if (fileOf.get(name) !== shard)
      throw new ModelFormatError(shard, `tensor "${name}"`, `it, as ${INDEX} says`, 'no tensor of this name')
  return { files, tensors: new Set(fileOf.keys()), sha256: hash.digest('hex') }
}

async function readHeader(folder: SourceFolder, file: string): Promise<SafetensorsHeader> {
  const sizeBytes = await folder.sizeOf(file)
  if (sizeBytes < PREFIX_BYTES)
    throw new ModelFormatError(file, 'file', `at least ${PREFIX_BYTES} bytes`, `${sizeBytes} bytes`)
  const length = readHeaderLength(await folder.read(file, PREFIX_BYTES), file, sizeBytes)
  const bytes = await folder.read(file, PREFIX_BYTES + length)
  return parseSafetensorsHeader(bytes.subarray(PREFIX_BYTES), file, sizeBytes - bytes.byteLength)
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
