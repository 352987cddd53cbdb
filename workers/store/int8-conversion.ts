import { Int8Stream } from '../formats/int8-stream'
import { parseT5Config } from '../formats/t5-config'
import type { Conversion } from './conversion'

/** Weights of a model that is published in one file. */
const SINGLE = 'model.safetensors'

/** Published weights as an int8 pack: the weights that the engine runs fastest, in a quarter of the room. */
export const int8Conversion: Conversion = {
  numberFormat: 'int8',
  resultPath: (path) => path.replace(/\.safetensors$/, '.int8.safetensors'),
  // Of fp32; what is published in 16 bits becomes half as large, which is told too small here rather than too large.
  estimateBytes: ({ sizeBytes }) => Math.ceil(sizeBytes / 4),
  async start(source, resume) {
    const { path } = source
    const config = parseT5Config(await source.read('config.json'), 'config.json')
    return new Int8Stream({ config, file: path, isShard: path !== SINGLE }, resume)
  },
}
