import { JsonFields } from '../../formats/json-fields'
import { parseModelManifest } from '../../formats/model-manifest'
import { AS_PUBLISHED, asPublished, type Folder, type Recognised } from './recognised'

/** A folder of our own: its `model.json` lists the files with their SHA-256. */
export async function recognisePack(folder: Folder): Promise<Recognised | undefined> {
  const bytes = await folder.bytes('model.json')
  if (!bytes) return undefined
  const manifest = parseModelManifest(bytes, 'model.json')
  const { name, displayName = name, parameters, adapters, kind = 't5' } = manifest
  for (const { path, sizeBytes, sha256 } of manifest.files) {
    const published = folder.find(path)
    if (!published) return { choices: [], unusable: `model.json lists ${path}, which is not there.` }
    const { hash } = published
    if (published.sizeBytes !== sizeBytes || (hash?.kind === 'sha256' && hash.hex !== sha256))
      return {
        choices: [],
        unusable: `${path} is not the file that model.json lists: its size or SHA-256 is another.`,
      }
  }
  const files = manifest.files.map(({ path, sizeBytes, sha256 }) => ({
    path,
    sizeBytes,
    hash: { kind: 'sha256', hex: sha256 } as const,
  }))
  const weights = files.flatMap(({ path }) => /^model\.(\w+)\.safetensors$/.exec(path)?.[1] ?? [])
  const told = JsonFields.parse(bytes, 'model.json')
  const numberFormat = told.text('numberFormat', weights[0] ?? AS_PUBLISHED)
  return {
    choices: [asPublished(kind, numberFormat, files, { isPack: true, adapters })],
    displayName,
    parameters,
    ...(told.has('licence') && { licence: told.text('licence') }),
    ...(told.has('baseModel') && { baseModel: told.text('baseModel') }),
  }
}
