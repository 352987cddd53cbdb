import { cp, mkdir, open, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { createRandom } from '../../src/domain/random'
import { encodeHeader, type TensorShape } from '../../workers/formats/safetensors-writer'
import { parseT5Config, type T5Config } from '../../workers/formats/t5-config'
import {
  OUTPUT_HEAD,
  T5_POSITION_BIASES,
  t5Norms,
  t5Projections,
  VOCABULARY_TABLE,
} from '../../workers/formats/t5-tensors'
import { FLAN_T5_SMALL } from './random-tensors'

/** google/flan-t5-base, config.json: 248M parameters, 990 MB in fp32. */
const FLAN_T5_BASE = {
  ...FLAN_T5_SMALL,
  d_model: 768,
  d_ff: 2048,
  num_layers: 12,
  num_decoder_layers: 12,
  num_heads: 12,
}

const fixtures = fileURLToPath(new URL('../../test/fixtures', import.meta.url))

/**
 * Writes a folder of a model with the shapes of flan-t5-base; the same million random values over and over, for what they are
 * matters to nobody. Resolves to the bytes of its weights' file.
 */
export async function writeBaseCheckpoint(folder: string): Promise<number> {
  await mkdir(folder)
  await cp(join(fixtures, 'nano-fp32/tokenizer.json'), join(folder, 'tokenizer.json'))
  const json = JSON.stringify(FLAN_T5_BASE)
  await writeFile(join(folder, 'config.json'), json)
  const { head, dataBytes } = encodeHeader(
    shapes(parseT5Config(new TextEncoder().encode(json), 'config.json')),
    {},
  )
  const random = createRandom(13)
  const block = new Uint8Array(Float32Array.from({ length: 2 ** 20 }, () => random() - 0.5).buffer)
  const file = await open(join(folder, 'model.safetensors'), 'w')
  await file.writeFile(head)
  for (let left = dataBytes; left > 0; left -= block.byteLength)
    await file.writeFile(block.subarray(0, Math.min(left, block.byteLength)))
  await file.close()
  return head.byteLength + dataBytes
}

function shapes(config: T5Config): readonly TensorShape[] {
  const { vocabSize, dModel, numBuckets, numHeads } = config
  const floats = (name: string, shape: readonly number[]): TensorShape => ({ name, dtype: 'F32', shape })
  return [
    floats(VOCABULARY_TABLE, [vocabSize, dModel]),
    floats(OUTPUT_HEAD, [vocabSize, dModel]),
    ...t5Projections(config).map(({ module, inFeatures, outFeatures }) =>
      floats(`${module}.weight`, [outFeatures, inFeatures]),
    ),
    ...t5Norms(config).map((name) => floats(name, [dModel])),
    ...T5_POSITION_BIASES.map((name) => floats(name, [numBuckets, numHeads])),
  ]
}
