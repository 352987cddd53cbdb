import { describe, expect, it } from 'vitest'
import { parseT5Config } from '../../workers/formats/t5-config'

const parse = (config: object) =>
  parseT5Config(new TextEncoder().encode(JSON.stringify(config)), 'config.json')

/** The fields of google/flan-t5-small's config.json that matter, unknown ones included. */
const FLAN_T5_SMALL = {
  architectures: ['T5ForConditionalGeneration'],
  d_ff: 1024,
  d_kv: 64,
  d_model: 512,
  decoder_start_token_id: 0,
  dense_act_fn: 'gelu_new',
  eos_token_id: 1,
  feed_forward_proj: 'gated-gelu',
  is_encoder_decoder: true,
  is_gated_act: true,
  layer_norm_epsilon: 1e-6,
  model_type: 't5',
  num_decoder_layers: 8,
  num_heads: 6,
  num_layers: 8,
  pad_token_id: 0,
  relative_attention_max_distance: 128,
  relative_attention_num_buckets: 32,
  task_specific_params: { summarization: { prefix: 'summarize: ' } },
  tie_word_embeddings: false,
  vocab_size: 32128,
}

describe('parseT5Config', () => {
  it('reads Flan-T5: gated gelu, untied', () => {
    expect(parse(FLAN_T5_SMALL)).toEqual({
      vocabSize: 32128,
      dModel: 512,
      dKv: 64,
      dFf: 1024,
      numLayers: 8,
      numDecoderLayers: 8,
      numHeads: 6,
      numBuckets: 32,
      maxDistance: 128,
      layerNormEpsilon: 1e-6,
      activation: 'gelu-tanh',
      isGated: true,
      isTied: false,
      scalesDecoderOutput: false,
      decoderStartTokenId: 0,
      padTokenId: 0,
      eosTokenId: 1,
    })
  })

  it('takes the defaults of the reference implementation, null as missing', () => {
    expect(parse({ model_type: 't5', num_layers: 4, num_decoder_layers: null, pad_token_id: 3 })).toEqual({
      vocabSize: 32128,
      dModel: 512,
      dKv: 64,
      dFf: 2048,
      numLayers: 4,
      numDecoderLayers: 4,
      numHeads: 8,
      numBuckets: 32,
      maxDistance: 128,
      layerNormEpsilon: 1e-6,
      activation: 'relu',
      isGated: false,
      isTied: true,
      scalesDecoderOutput: true,
      decoderStartTokenId: 3,
      padTokenId: 3,
      eosTokenId: 1,
    })
  })

  it('reads an untied model as transformers 5 saves it', () => {
    const config = parse({ ...FLAN_T5_SMALL, tie_word_embeddings: true, scale_decoder_outputs: false })
    expect(config).toMatchObject({ isTied: true, scalesDecoderOutput: false })
  })

  it('names the field and the supported values of another activation', () => {
    expect(() => parse({ ...FLAN_T5_SMALL, feed_forward_proj: 'gated-silu' })).toThrow(
      'config.json: field "feed_forward_proj": expected "relu" or "gated-gelu", the two that T5 v1.0 and v1.1 use, found "gated-silu"',
    )
  })
})
