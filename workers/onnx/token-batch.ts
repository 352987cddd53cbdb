import { int64Matrix, type Tensor } from '../graph/tensor'

/** Token ids of a batch, padded at the end to the longest. */
export interface TokenBatch {
  readonly batch: number
  /** Tokens of the longest text. */
  readonly length: number
  /** int64 [batch, length] */
  readonly ids: Tensor
  /** int64 [batch, length], 1 for text and 0 for padding. */
  readonly mask: Tensor
}

/** @throws RangeError for an id outside the vocabulary, which some backends would take for another */
export function tokenBatch(
  texts: readonly (readonly number[])[],
  { padTokenId, vocabSize }: { readonly padTokenId: number; readonly vocabSize: number },
): TokenBatch {
  const batch = texts.length
  const length = Math.max(...texts.map((ids) => ids.length))
  const ids = new BigInt64Array(batch * length).fill(BigInt(padTokenId))
  const mask = new BigInt64Array(batch * length)
  texts.forEach((text, row) => {
    text.forEach((id, i) => {
      if (!Number.isInteger(id) || id < 0 || id >= vocabSize)
        throw new RangeError(`token id ${id} is outside the vocabulary of ${vocabSize}`)
      ids[row * length + i] = BigInt(id)
    })
    mask.fill(1n, row * length, row * length + text.length)
  })
  const dims = [batch, length]
  return { batch, length, ids: int64Matrix(dims, ids), mask: int64Matrix(dims, mask) }
}
