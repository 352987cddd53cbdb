import type { PackFormat } from '../formats/pack-metadata'
import { PackStream } from '../formats/pack-stream'
import { parseT5Config } from '../formats/t5-config'
import type { Conversion } from './conversion'

/** Bytes of a pack for each byte of published weights in 32 bits, scales included; of other weights it is more. */
const SHARES: Readonly<Record<PackFormat, number>> = { int8: 0.2515, int4: 0.21, fp16: 0.5 }

const packConversion = (format: PackFormat): Conversion => ({
  numberFormat: format,
  resultPath: (path) => path.replace(/\.safetensors$/, `.${format}.safetensors`),
  estimateBytes: ({ sizeBytes }) => Math.round(sizeBytes * SHARES[format]),
  async start(source, resume) {
    const { path } = source
    const config = parseT5Config(await source.read('config.json'), 'config.json')
    const isShard = /-\d+-of-\d+\.safetensors$/.test(path)
    return new PackStream({ config, format, file: path, isShard, metadata: { source: path } }, resume?.state)
  },
})

/** Our packs, made of published weights while they arrive; the one that suits most devices first. */
export const PACK_CONVERSIONS: readonly Conversion[] = [packConversion('int8'), packConversion('int4')]
