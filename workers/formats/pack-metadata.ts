import { ModelFormatError, quoted } from './format-error'

/** Metadata by which an int8 pack is known; a change of the layout needs a new version. */
export const PACK_METADATA = {
  format: 'smallcap-pack',
  version: '1',
  quantisation: 'int8-per-column',
} as const

/** Whether a file's metadata says int8 pack; a pack of another version or quantisation is an error naming the field. */
export function checkPackMetadata(metadata: ReadonlyMap<string, string>, file: string): boolean {
  if (metadata.get('format') !== PACK_METADATA.format) return false
  for (const [field, expected] of Object.entries(PACK_METADATA))
    if (metadata.get(field) !== expected)
      throw new ModelFormatError(
        file,
        `field "__metadata__.${field}"`,
        quoted(expected),
        quoted(metadata.get(field)),
      )
  return true
}
