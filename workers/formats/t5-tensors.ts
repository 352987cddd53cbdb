import type { T5Config } from './t5-config'
import * as names from './t5-names'

/** A projection x·W without bias; its tensor is `<module>.weight`. */
export interface Projection {
  readonly module: string
  readonly inFeatures: number
  readonly outFeatures: number
}

export const VOCABULARY_TABLE = `${names.VOCABULARY_TABLE}.weight`
/** Names of the same table in each stack: where `shared` is missing, a file has it under one of these. */
export const VOCABULARY_TABLE_COPIES: readonly string[] = ['encoder', 'decoder'].map(
  (stack) => `${stack}.embed_tokens.weight`,
)
export const OUTPUT_HEAD = `${names.OUTPUT_HEAD}.weight`

/** The projections of every block, encoder first, under the reference implementation's names; the head is not among them. */
export function t5Projections(config: T5Config): readonly Projection[] {
  return [
    ...range(config.numLayers).flatMap((block) => [
      ...attention(config, names.selfAttention('encoder', block)),
      ...feedForward(config, names.feedForward('encoder', block)),
    ]),
    ...range(config.numDecoderLayers).flatMap((block) => [
      ...attention(config, names.selfAttention('decoder', block)),
      ...attention(config, names.crossAttention(block)),
      ...feedForward(config, names.feedForward('decoder', block)),
    ]),
  ]
}

/** Names of the RMSNorm gains, each of dModel values. */
export function t5Norms({ numLayers, numDecoderLayers }: T5Config): readonly string[] {
  const norms = (stack: names.Stack, blocks: number) => [
    ...range(blocks).flatMap((block) =>
      range(names.feedForwardLayer(stack) + 1).map((index) => names.layerNorm(stack, block, index)),
    ),
    names.finalNorm(stack),
  ]
  return [...norms('encoder', numLayers), ...norms('decoder', numDecoderLayers)].map(
    (module) => `${module}.weight`,
  )
}

/** Names of the relative position biases, each [buckets, heads]. */
export const T5_POSITION_BIASES: readonly string[] = (['encoder', 'decoder'] as const).map(
  (stack) => `${names.relativeBias(stack)}.weight`,
)

/** Weights of the model, each counted once. */
export function countParameters(config: T5Config, hasOwnHead: boolean): number {
  const { vocabSize, dModel, numBuckets, numHeads } = config
  return (
    (hasOwnHead ? 2 : 1) * vocabSize * dModel +
    t5Projections(config).reduce((sum, { inFeatures, outFeatures }) => sum + inFeatures * outFeatures, 0) +
    t5Norms(config).length * dModel +
    T5_POSITION_BIASES.length * numBuckets * numHeads
  )
}

const range = (length: number) => Array.from({ length }, (_, index) => index)

function attention({ dModel, numHeads, dKv }: T5Config, module: string): readonly Projection[] {
  const inner = numHeads * dKv
  return [
    ...['q', 'k', 'v'].map((name) => ({
      module: `${module}.${name}`,
      inFeatures: dModel,
      outFeatures: inner,
    })),
    { module: `${module}.o`, inFeatures: inner, outFeatures: dModel },
  ]
}

function feedForward({ dModel, dFf, isGated }: T5Config, module: string): readonly Projection[] {
  return [
    ...(isGated ? ['wi_0', 'wi_1'] : ['wi']).map((name) => ({
      module: `${module}.${name}`,
      inFeatures: dModel,
      outFeatures: dFf,
    })),
    { module: `${module}.wo`, inFeatures: dFf, outFeatures: dModel },
  ]
}
