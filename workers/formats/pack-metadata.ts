import { ModelFormatError, quoted } from './format-error'
import type { StoredFormat } from './model-weights'

/** What the converter makes of 32-bit weights. */
export type PackFormat = Exclude<StoredFormat, 'fp32'>

/** What a pack's projections are quantised to; in a 4-bit pack some of them stay at 8 bits. */
export type Quantisation = 'int8-per-column' | 'int4-per-block'

const quantised = (quantisation: Quantisation) =>
  ({ format: 'smallcap-pack', version: '1', quantisation }) as const

/** Metadata by which a pack is known; a change of the layout needs a new version. Half floats mean what they mean anywhere. */
export const packMetadata: Readonly<Record<PackFormat, Readonly<Record<string, string>>>> = {
  int8: quantised('int8-per-column'),
  int4: quantised('int4-per-block'),
  fp16: { format: 'pt' },
}

/** Of an int8 pack. */
export const PACK_METADATA = quantised('int8-per-column')

/**
 * How a pack is quantised, undefined where the metadata do not say that it is one; a pack of another version or
 * quantisation is an error naming the field.
 */
export function readQuantisation(
  metadata: ReadonlyMap<string, string>,
  file: string,
): Quantisation | undefined {
  const { format, version } = PACK_METADATA
  if (metadata.get('format') !== format) return undefined
  const fail = (field: string, expected: string) =>
    new ModelFormatError(file, `field "__metadata__.${field}"`, expected, quoted(metadata.get(field)))
  if (metadata.get('version') !== version) throw fail('version', quoted(version))
  const quantisation = metadata.get('quantisation')
  if (quantisation === 'int8-per-column' || quantisation === 'int4-per-block') return quantisation
  throw fail('quantisation', '"int8-per-column" or "int4-per-block"')
}
