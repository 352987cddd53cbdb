import { JsonFields } from './json-fields'
import { parseStrictJson } from './strict-json'
import type { T5Config } from './t5-config'

/**
 * A T5 model's `config.json` with what transformers.js reads from it and transformers leaves out where it is the default.
 * @param bytes of the `config.json` that `config` was read from
 */
export function completeConfig(bytes: Uint8Array, config: T5Config): Uint8Array<ArrayBuffer> {
  const fields = JsonFields.from(parseStrictJson(bytes, 'config.json', 'content'), 'config.json', '')
  const complete = {
    ...Object.fromEntries(fields.names.map((name) => [name, fields.value(name) ?? null])),
    architectures: ['T5ForConditionalGeneration'],
    is_encoder_decoder: true,
    vocab_size: config.vocabSize,
    d_model: config.dModel,
    d_kv: config.dKv,
    d_ff: config.dFf,
    num_heads: config.numHeads,
    num_layers: config.numLayers,
    num_decoder_layers: config.numDecoderLayers,
    decoder_start_token_id: config.decoderStartTokenId,
    pad_token_id: config.padTokenId,
    eos_token_id: config.eosTokenId,
  }
  return new TextEncoder().encode(`${JSON.stringify(complete, null, 2)}\n`)
}
