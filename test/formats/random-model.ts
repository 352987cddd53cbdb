import { randomTensors } from '../../scripts/bench/random-tensors'
import { readModelWeights } from '../../workers/formats/read-model-weights'
import { parseSafetensors } from '../../workers/formats/safetensors'
import { writeSafetensors } from '../../workers/formats/safetensors-writer'
import { parseT5Config } from '../../workers/formats/t5-config'

/** A small model of random weights, all of whose inputs are whole blocks of 32. */
export const RANDOM_CONFIG = {
  model_type: 't5',
  vocab_size: 96,
  d_model: 64,
  d_kv: 16,
  d_ff: 96,
  num_layers: 2,
  num_decoder_layers: 2,
  num_heads: 2,
  relative_attention_num_buckets: 8,
  relative_attention_max_distance: 32,
  layer_norm_epsilon: 1e-6,
  feed_forward_proj: 'gated-gelu',
  tie_word_embeddings: false,
  is_encoder_decoder: true,
  decoder_start_token_id: 0,
  eos_token_id: 1,
  pad_token_id: 0,
}

export function randomModel() {
  const config = parseT5Config(new TextEncoder().encode(JSON.stringify(RANDOM_CONFIG)), 'config.json')
  const bytes = writeSafetensors(randomTensors(config))
  return {
    config,
    bytes,
    weights: readModelWeights(config, parseSafetensors(bytes, 'model.safetensors'), 'model.safetensors'),
  }
}
