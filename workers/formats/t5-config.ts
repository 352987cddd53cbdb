import { JsonFields } from './json-fields'

/** mT5 has 250,112 pieces. */
const MAX_VOCABULARY = 1_000_000
/** T5-11B: d_model 1,024, d_kv 128, d_ff 65,536, 24 layers, 128 heads; the limits leave room and keep products exact. */
const MAX_D_MODEL = 16_384
const MAX_D_KV = 1_024
const MAX_D_FF = 262_144
const MAX_LAYERS = 128
const MAX_HEADS = 256
/** T5 uses 32; the encoder halves them by direction and halves again for the exact ones, so fewer than 4 cannot work. */
const MIN_BUCKETS = 4
const MAX_BUCKETS = 1_024
const MAX_DISTANCE = 1_000_000
/** T5 uses 1e-6; zero would divide by zero on an all-zero state. */
const MIN_EPSILON = 1e-12
const MAX_EPSILON = 0.1

/** The architecture of a T5 model, v1.0 (relu, tied) or v1.1 and Flan (gated gelu, untied). */
export interface T5Config {
  readonly vocabSize: number
  readonly dModel: number
  /** Width of one attention head; heads × dKv need not equal dModel. */
  readonly dKv: number
  readonly dFf: number
  readonly numLayers: number
  readonly numDecoderLayers: number
  readonly numHeads: number
  readonly numBuckets: number
  readonly maxDistance: number
  readonly layerNormEpsilon: number
  /** `gelu-tanh` is the tanh approximation that the reference implementation calls `gelu_new`. */
  readonly activation: 'relu' | 'gelu-tanh'
  readonly isGated: boolean
  /** The configuration says that the output head is the vocabulary table; a head in the weights still wins. */
  readonly isTied: boolean
  /** The decoder's output is multiplied by dModel^-0.5 before the head. */
  readonly scalesDecoderOutput: boolean
  readonly decoderStartTokenId: number
  readonly padTokenId: number
  readonly eosTokenId: number
}

/**
 * Reads a `config.json` with the defaults of the reference implementation (transformers, `T5Config`).
 * Throws ModelFormatError, naming the field, for what is missing, out of bounds or not supported.
 */
export function parseT5Config(bytes: Uint8Array, file: string): T5Config {
  const fields = JsonFields.parse(bytes, file)
  requireT5(fields)
  const { activation, isGated } = readFeedForward(fields)
  const vocabSize = fields.integer('vocab_size', { min: 1, max: MAX_VOCABULARY, fallback: 32_128 })
  const numLayers = fields.integer('num_layers', { min: 1, max: MAX_LAYERS, fallback: 6 })
  const { numBuckets, maxDistance } = readBuckets(fields)
  const tokenId = { min: 0, max: vocabSize - 1 }
  const padTokenId = fields.integer('pad_token_id', { ...tokenId, fallback: 0 })
  const isTied = fields.boolean('tie_word_embeddings', true)
  return {
    vocabSize,
    dModel: fields.integer('d_model', { min: 1, max: MAX_D_MODEL, fallback: 512 }),
    dKv: fields.integer('d_kv', { min: 1, max: MAX_D_KV, fallback: 64 }),
    dFf: fields.integer('d_ff', { min: 1, max: MAX_D_FF, fallback: 2_048 }),
    numLayers,
    numDecoderLayers: fields.integer('num_decoder_layers', { min: 1, max: MAX_LAYERS, fallback: numLayers }),
    numHeads: fields.integer('num_heads', { min: 1, max: MAX_HEADS, fallback: 8 }),
    numBuckets,
    maxDistance,
    layerNormEpsilon: fields.number('layer_norm_epsilon', {
      min: MIN_EPSILON,
      max: MAX_EPSILON,
      fallback: 1e-6,
    }),
    activation,
    isGated,
    isTied,
    // transformers 5 writes `tie_word_embeddings: true` for every T5 and keeps the difference in this field.
    scalesDecoderOutput: fields.boolean('scale_decoder_outputs', isTied),
    decoderStartTokenId: fields.integer('decoder_start_token_id', { ...tokenId, fallback: padTokenId }),
    padTokenId,
    eosTokenId: fields.integer('eos_token_id', { ...tokenId, fallback: Math.min(1, vocabSize - 1) }),
  }
}

function requireT5(fields: JsonFields): void {
  if (fields.value('model_type') !== 't5') throw fields.error('model_type', '"t5"')
  if (!fields.boolean('is_encoder_decoder', true)) throw fields.error('is_encoder_decoder', 'true')
}

function readFeedForward(fields: JsonFields): Pick<T5Config, 'activation' | 'isGated'> {
  const projection = fields.text('feed_forward_proj', 'relu')
  if (projection !== 'relu' && projection !== 'gated-gelu')
    throw fields.error('feed_forward_proj', '"relu" or "gated-gelu", the two that T5 v1.0 and v1.1 use')
  const isGated = projection === 'gated-gelu'
  // Written by newer versions beside `feed_forward_proj`, and taken by them in its place.
  const activation = isGated ? 'gelu_new' : 'relu'
  if (fields.text('dense_act_fn', activation) !== activation)
    throw fields.error('dense_act_fn', `"${activation}" beside feed_forward_proj "${projection}"`)
  if (fields.boolean('is_gated_act', isGated) !== isGated)
    throw fields.error('is_gated_act', `${isGated} beside feed_forward_proj "${projection}"`)
  return { activation: isGated ? 'gelu-tanh' : 'relu', isGated }
}

function readBuckets(fields: JsonFields): Pick<T5Config, 'numBuckets' | 'maxDistance'> {
  const numBuckets = fields.integer('relative_attention_num_buckets', {
    min: MIN_BUCKETS,
    max: MAX_BUCKETS,
    fallback: 32,
  })
  // The decoder keeps half of the buckets for exact distances; the logarithmic rest must start below the maximum.
  const maxDistance = fields.integer('relative_attention_max_distance', {
    min: Math.floor(numBuckets / 2) + 1,
    max: MAX_DISTANCE,
    fallback: 128,
  })
  return { numBuckets, maxDistance }
}
