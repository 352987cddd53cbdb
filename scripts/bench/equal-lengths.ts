/** Texts in a batch; as many as the engine puts together at most. */
const batchTexts = 16

/**
 * Token ids in batches of 16 texts of exactly equal length: neighbours by length, cut or continued (with their own tokens)
 * to the mean of their batch, so that the number of tokens stays within rounding and none is padding.
 */
export function equalLengthBatches(prompts: readonly (readonly number[])[]): number[][][] {
  const sorted = prompts.toSorted((a, b) => a.length - b.length)
  const batches: number[][][] = []
  for (let start = 0; start < sorted.length; start += batchTexts) {
    const batch = sorted.slice(start, start + batchTexts)
    const mean = Math.max(1, Math.round(batch.reduce((sum, ids) => sum + ids.length, 0) / batch.length))
    batches.push(batch.map((ids) => Array.from({ length: mean }, (_, i) => ids[i % ids.length] ?? 0)))
  }
  return batches
}
