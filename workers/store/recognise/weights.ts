import { JsonFields } from '../../formats/json-fields'
import { parseT5Config } from '../../formats/t5-config'
import type { PublishedFile } from '../../../src/store/contract'
import type { Conversion } from '../conversion'
import {
  AS_PUBLISHED,
  asPublished,
  lacksTokenizer,
  smallFiles,
  sumBytes,
  type Folder,
  type Recognised,
} from './recognised'

const SINGLE = 'model.safetensors'
const INDEX = 'model.safetensors.index.json'

/** T5 in safetensors, in one file or in several with an index. */
export async function recogniseWeights(
  folder: Folder,
  conversions: readonly Conversion[],
): Promise<Recognised | undefined> {
  const config = await folder.bytes('config.json')
  if (!config) return undefined
  const type = JsonFields.parse(config, 'config.json').value('model_type')
  if (type !== 't5') return { choices: [], unusable: isNoT5(type) }
  parseT5Config(config, 'config.json')
  const weights = await weightsOf(folder)
  const unusable = lacksTokenizer(folder) ?? (typeof weights === 'string' ? weights : undefined)
  if (unusable !== undefined || typeof weights === 'string')
    return { choices: [], ...(unusable && { unusable }) }
  const index = folder.find(INDEX)
  const adapters = adaptersOf(folder)
  const rest = [...smallFiles(folder), ...adapters.flatMap(({ files }) => files)]
  const more = { adapters: adapters.map(({ name }) => name) }
  const published = [...rest, ...(index && weights.length > 1 ? [index] : []), ...weights]
  // The index names the published files, which a conversion gives other names.
  const converted = conversions.map((conversion) => ({
    ...asPublished('t5', conversion.numberFormat, [...rest, ...weights], more),
    storedBytes: sumBytes(rest) + weights.reduce((sum, file) => sum + conversion.estimateBytes(file), 0),
  }))
  const asTheyAre = asPublished('t5', AS_PUBLISHED, published, more)
  return { choices: [...converted, asTheyAre] }
}

/** Weights files by name; for one conversion the store must tell them from the others. */
export const isWeights = (path: string): boolean => /^[^/]*\.safetensors$/.test(path)

/** The weights files, or a sentence where there are none. */
async function weightsOf(folder: Folder): Promise<readonly PublishedFile[] | string> {
  const single = folder.find(SINGLE)
  if (single) return [single]
  const index = await folder.fields(INDEX)
  if (!index)
    return folder.files.some(({ path }) =>
      /^(pytorch_model.*\.bin|tf_model\.h5|flax_model\.msgpack)$/.test(path),
    )
      ? `Its weights are not there as ${SINGLE}, and the other formats are not safe to read or not made for it. Look for a copy in safetensors.`
      : `It has no weights: neither ${SINGLE} nor ${INDEX} is there.`
  const map = index.fields('weight_map')
  const shards = new Set(map.names.map((name) => map.text(name)))
  const files: PublishedFile[] = []
  for (const shard of [...shards].sort()) {
    const file = folder.find(shard)
    if (!file || !isWeights(shard)) return `${INDEX} lists ${shard}, which is not there.`
    files.push(file)
  }
  return files.length > 0 ? files : `${INDEX} lists no files.`
}

/** Adapters that lie beside the weights in folders of their own. */
function adaptersOf({ files, find }: Folder) {
  return files.flatMap(({ path }) => {
    const name = /^(adapter-[\w-]+)\/adapter_config\.json$/.exec(path)?.[1]
    const parts = [find(path), name === undefined ? undefined : find(`${name}/adapter_model.safetensors`)]
    const present = parts.filter((part) => part !== undefined)
    return name !== undefined && present.length === 2 ? [{ name, files: present }] : []
  })
}

const isNoT5 = (type: unknown): string =>
  typeof type === 'string'
    ? `Its config.json says that it is a model of type “${type.slice(0, 40)}”. In safetensors only T5 runs here (Flan-T5 is one).`
    : 'Its config.json does not say what type of model it is.'
