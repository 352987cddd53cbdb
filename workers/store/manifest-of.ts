import type { ModelManifest } from '../formats/model-manifest'
import type { StoredRecord } from './records'

/** More than a manifest has to have: with it a model that is carried elsewhere still knows what it is. */
interface StoredManifest extends ModelManifest {
  readonly numberFormat: string
  readonly licence?: string
  readonly baseModel?: string
}

/** The `model.json` of a model whose files are all there. */
export function manifestOf(record: StoredRecord): string {
  const { name, kind, adapters, numberFormat, licence, baseModel } = record
  const files = record.files.map(({ path, sizeBytes, sha256 }) => {
    if (sha256 === undefined) throw new Error(`${path} is not complete.`)
    return { path, sizeBytes, sha256 }
  })
  const manifest: StoredManifest = {
    name,
    kind,
    parameters: record.parameters ?? guessParameters(record),
    adapters,
    files,
    numberFormat,
    ...(licence !== undefined && { licence }),
    ...(baseModel !== undefined && { baseModel }),
  }
  return JSON.stringify(manifest, null, 2)
}

/** Where nobody said it: as if all that was published were fp32 weights. */
const guessParameters = ({ files }: StoredRecord): number =>
  Math.max(1, Math.round(files.reduce((sum, { source }) => sum + source.sizeBytes, 0) / 4))
