/** A model with the shapes of flan-t5-small and random weights, written by the project's own writer and quantiser. */
import { cp, mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { createRandom, type Random } from '../../src/domain/random'
import { writeSafetensors, type TensorToWrite } from '../../workers/formats/safetensors-writer'
import { parseT5Config, type T5Config } from '../../workers/formats/t5-config'
import {
  OUTPUT_HEAD,
  T5_POSITION_BIASES,
  t5Projections,
  t5Norms,
  VOCABULARY_TABLE,
} from '../../workers/formats/t5-tensors'
import { convertModel } from '../convert/convert-model'
import { addPublished } from './site'

/** Its tokenizer and task are those of the smallest embedded model, whose ids lie within the larger vocabulary. */
const asked = fileURLToPath(new URL('../../public/models/smallcap-t5-nano', import.meta.url))
const seed = 13

/** google/flan-t5-small, config.json. */
const flanT5Small = {
  model_type: 't5',
  vocab_size: 32128,
  d_model: 512,
  d_kv: 64,
  d_ff: 1024,
  num_layers: 8,
  num_decoder_layers: 8,
  num_heads: 6,
  relative_attention_num_buckets: 32,
  relative_attention_max_distance: 128,
  layer_norm_epsilon: 1e-6,
  feed_forward_proj: 'gated-gelu',
  tie_word_embeddings: false,
  is_encoder_decoder: true,
  decoder_start_token_id: 0,
  eos_token_id: 1,
  pad_token_id: 0,
}

/** Puts the model under `models/` as `<name>-fp32` and as the int8 pack `<name>-int8`. */
export async function addRandomModel(site: string, scratch: string, name: string): Promise<void> {
  const source = join(scratch, name)
  await mkdir(source, { recursive: true })
  for (const file of ['tokenizer.json', 'tokenizer_config.json', 'task.json'])
    await cp(join(asked, file), join(source, file))
  await writeFile(join(source, 'config.json'), JSON.stringify(flanT5Small))
  const config = parseT5Config(new TextEncoder().encode(JSON.stringify(flanT5Small)), 'config.json')
  await writeFile(join(source, 'model.safetensors'), writeSafetensors(randomTensors(config)))
  await addPublished(site, source, `${name}-fp32`)
  await convertModel({ source, out: join(site, 'models', `${name}-int8`) })
}

/** Random weights of a model with a head of its own, the same every time. */
export function randomTensors(config: T5Config): TensorToWrite[] {
  const { vocabSize, dModel, numBuckets, numHeads } = config
  const random = createRandom(seed)
  const matrix = (name: string, rows: number, columns: number, deviation: number): TensorToWrite => ({
    name,
    dtype: 'F32',
    shape: [rows, columns],
    data: uniform(rows * columns, deviation, random),
  })
  return [
    matrix(VOCABULARY_TABLE, vocabSize, dModel, 1),
    matrix(OUTPUT_HEAD, vocabSize, dModel, dModel ** -0.5),
    ...t5Projections(config).map(({ module, inFeatures, outFeatures }) =>
      matrix(`${module}.weight`, outFeatures, inFeatures, projectionDeviation(module, inFeatures, config)),
    ),
    ...T5_POSITION_BIASES.map((name) => matrix(name, numBuckets, numHeads, 1)),
    ...t5Norms(config).map((name): TensorToWrite => ({
      name,
      dtype: 'F32',
      shape: [dModel],
      data: new Float32Array(dModel).fill(1),
    })),
  ]
}

/** Uniform values around zero; √3 makes their standard deviation the one asked for. */
function uniform(length: number, deviation: number, random: Random): Float32Array {
  const reach = Math.sqrt(3) * deviation
  const values = new Float32Array(length)
  for (let i = 0; i < length; i += 1) values[i] = (2 * random() - 1) * reach
  return values
}

/** As T5 is initialised: queries are smaller by √dKv, because its attention has no such factor. */
function projectionDeviation(module: string, inFeatures: number, { dKv }: T5Config): number {
  return module.endsWith('.q') ? (inFeatures * dKv) ** -0.5 : inFeatures ** -0.5
}
