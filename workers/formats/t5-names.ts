/** Names of the reference implementation's T5, as they stand in checkpoints and adapters: modules, without `.weight`. */

export type Stack = 'encoder' | 'decoder'

export const VOCABULARY_TABLE = 'shared'
export const OUTPUT_HEAD = 'lm_head'

export const finalNorm = (stack: Stack): string => `${stack}.final_layer_norm`
export const layer = (stack: Stack, block: number, index: number): string =>
  `${stack}.block.${String(block)}.layer.${String(index)}`
export const layerNorm = (stack: Stack, block: number, index: number): string =>
  `${layer(stack, block, index)}.layer_norm`
export const selfAttention = (stack: Stack, block: number): string =>
  `${layer(stack, block, 0)}.SelfAttention`
export const crossAttention = (block: number): string => `${layer('decoder', block, 1)}.EncDecAttention`
/** The feed-forward layer comes after self-attention, and in the decoder after cross-attention too. */
export const feedForwardLayer = (stack: Stack): number => (stack === 'encoder' ? 1 : 2)
export const feedForward = (stack: Stack, block: number): string =>
  `${layer(stack, block, feedForwardLayer(stack))}.DenseReluDense`
/** Only the first block of a stack holds the bias; the others share it. */
export const relativeBias = (stack: Stack): string => `${selfAttention(stack, 0)}.relative_attention_bias`
