import type { T5Config } from './t5-config'

/** A projection x·W without bias; `name` is its tensor, `module` the same without `.weight`. */
export interface T5Linear {
  readonly name: string
  readonly module: string
  readonly inFeatures: number
  readonly outFeatures: number
}

export const VOCABULARY_TABLE = 'shared.weight'
export const OUTPUT_HEAD = 'lm_head.weight'

/** The projections of every block, encoder first, under the reference implementation's names; the head is not among them. */
export function t5Linears(config: T5Config): readonly T5Linear[] {
  return [
    ...encoderBlocks(config).flatMap((block) => [
      ...attention(config, `${block}.layer.0.SelfAttention`),
      ...feedForward(config, `${block}.layer.1.DenseReluDense`),
    ]),
    ...decoderBlocks(config).flatMap((block) => [
      ...attention(config, `${block}.layer.0.SelfAttention`),
      ...attention(config, `${block}.layer.1.EncDecAttention`),
      ...feedForward(config, `${block}.layer.2.DenseReluDense`),
    ]),
  ]
}

/** Names of the RMSNorm gains, each of dModel values. */
export function t5Norms(config: T5Config): readonly string[] {
  return [
    ...encoderBlocks(config).flatMap((block) => [0, 1].map((layer) => normOf(block, layer))),
    'encoder.final_layer_norm.weight',
    ...decoderBlocks(config).flatMap((block) => [0, 1, 2].map((layer) => normOf(block, layer))),
    'decoder.final_layer_norm.weight',
  ]
}

/** Names of the relative position biases, each [buckets, heads]; only the first block of a stack has one. */
export const T5_POSITION_BIASES: readonly string[] = ['encoder', 'decoder'].map(
  (stack) => `${stack}.block.0.layer.0.SelfAttention.relative_attention_bias.weight`,
)

const encoderBlocks = (config: T5Config) => blocks('encoder', config.numLayers)
const decoderBlocks = (config: T5Config) => blocks('decoder', config.numDecoderLayers)
const blocks = (stack: string, count: number) =>
  Array.from({ length: count }, (_, index) => `${stack}.block.${index}`)
const normOf = (block: string, layer: number) => `${block}.layer.${layer}.layer_norm.weight`

function linear(module: string, inFeatures: number, outFeatures: number): T5Linear {
  return { name: `${module}.weight`, module, inFeatures, outFeatures }
}

function attention({ dModel, numHeads, dKv }: T5Config, prefix: string): readonly T5Linear[] {
  const inner = numHeads * dKv
  return [
    ...['q', 'k', 'v'].map((name) => linear(`${prefix}.${name}`, dModel, inner)),
    linear(`${prefix}.o`, inner, dModel),
  ]
}

function feedForward({ dModel, dFf, isGated }: T5Config, prefix: string): readonly T5Linear[] {
  return [
    ...(isGated ? ['wi_0', 'wi_1'] : ['wi']).map((name) => linear(`${prefix}.${name}`, dModel, dFf)),
    linear(`${prefix}.wo`, dFf, dModel),
  ]
}
