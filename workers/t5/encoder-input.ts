import type { ModelWeights } from '../formats/model-weights'

/** Added to the attention scores of padding; finite, so that no softmax meets only infinities. */
export const maskedBias = -1e9

/** Token ids of a batch, embedded and padded to the longest. */
export interface EncoderInput {
  readonly batch: number
  /** Tokens of the longest text. */
  readonly length: number
  /** [batch, length, dModel], zeros for padding. */
  readonly embeddings: Float32Array
  /** [batch, length], 0 for text and very negative for padding. */
  readonly keyBias: Float32Array
}

/** Looks up embeddings here rather than in the graph, so that the vocabulary table need not be in the runtime's memory. */
export function encoderInput(
  weights: ModelWeights,
  dModel: number,
  batch: readonly (readonly number[])[],
): EncoderInput {
  const length = Math.max(...batch.map((ids) => ids.length))
  const embeddings = new Float32Array(batch.length * length * dModel)
  const keyBias = new Float32Array(batch.length * length)
  batch.forEach((ids, row) => {
    embeddings.set(weights.embeddingRows(ids), row * length * dModel)
    keyBias.fill(maskedBias, row * length + ids.length, (row + 1) * length)
  })
  return { batch: batch.length, length, embeddings, keyBias }
}

/** [positions, positions]: 0 on and below the diagonal, very negative above it. */
export function causalBias(positions: number): Float32Array {
  const bias = new Float32Array(positions * positions)
  for (let query = 0; query < positions; query += 1)
    bias.fill(maskedBias, query * positions + query + 1, (query + 1) * positions)
  return bias
}
