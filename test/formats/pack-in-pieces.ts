import { PackStream } from '../../workers/formats/pack-stream'
import type { PackOptions } from '../../workers/formats/pack-plan'
import { parseSafetensors } from '../../workers/formats/safetensors'
import { joined } from '../support/joined'
import { tinyModel, type TinyVariant } from './tiny-model'

/** What errors call the source. */
export const FILE = 'model.safetensors'

/** The pack of a source that comes in pieces which end at the given offsets. */
export function inPieces(
  options: PackOptions,
  source: Uint8Array,
  ends: readonly number[],
): Uint8Array<ArrayBuffer> {
  const stream = new PackStream(options)
  const parts: Uint8Array[] = []
  let start = 0
  for (const end of [...ends, source.byteLength].sort((a, b) => a - b)) {
    parts.push(...stream.push(source.subarray(start, end)))
    start = end
  }
  return joined([...parts, ...stream.finish()])
}

/** To pack a tiny model. */
export const optionsOf = (variant: TinyVariant): PackOptions => ({
  config: tinyModel(variant).config,
  file: FILE,
  metadata: { source: variant },
})

/** The tensors of a file, to compare. */
export const bytesByName = (file: Uint8Array) =>
  new Map(
    [...parseSafetensors(file, FILE).tensors].map(([name, { bytes, dtype, shape }]) => [
      name,
      { dtype, shape, bytes: new Uint8Array(bytes) },
    ]),
  )
