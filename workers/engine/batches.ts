import { ONE_TEXT_AT_A_TIME } from '../../src/domain/run-parts'

/** Texts share a run of the encoder when their lengths are near, because padding costs as much as text. */
const maxBatchTexts = 16
const maxBatchTokens = 1024
const maxPaddingTokens = 4

/** How many texts share a run at most. */
export interface BatchingRule {
  readonly maxTexts: number
  /** Goes with every result. */
  readonly words: string
}

export const roomyBatches: BatchingRule = {
  maxTexts: maxBatchTexts,
  words: `at most ${String(maxBatchTexts)} texts and ${String(maxBatchTokens)} tokens, lengths within ${String(maxPaddingTokens)} tokens`,
}

/** For published graphs with 8-bit activations: texts that run together share a scale, and so change each other's answers. */
export const withoutSharedScale: BatchingRule = {
  maxTexts: 1,
  words: 'one text at a time, because texts that run together would share a scale',
}

/** For a device whose memory did not suffice for more. */
export const singleTexts: BatchingRule = {
  maxTexts: 1,
  words: ONE_TEXT_AT_A_TIME,
}

/**
 * Groups texts of near-equal length.
 * @param lengths tokens of each text
 * @returns batches of indices into `lengths`; the batch holding the smallest index comes first, so that results can stream
 */
export function planBatches(
  lengths: readonly number[],
  { maxTexts }: Pick<BatchingRule, 'maxTexts'>,
): number[][] {
  const byLength = lengths
    .map((length, index) => ({ length, index }))
    .sort((a, b) => a.length - b.length || a.index - b.index)
  const batches: number[][] = []
  let batch: number[] = []
  let shortest = 0
  for (const { length, index } of byLength) {
    const isFull = batch.length >= maxTexts || (batch.length + 1) * length > maxBatchTokens
    if (batch.length > 0 && (isFull || length - shortest > maxPaddingTokens)) {
      batches.push(batch)
      batch = []
    }
    if (batch.length === 0) shortest = length
    batch.push(index)
  }
  if (batch.length > 0) batches.push(batch)
  return batches.sort((a, b) => Math.min(...a) - Math.min(...b))
}

/** Texts prepared and sorted together: few at first, so that first results come soon, then enough to find equal lengths. */
export function* windows(total: number): Generator<{ readonly start: number; readonly end: number }> {
  let size = 8
  for (let start = 0; start < total; start += size, size = Math.min(size * 2, 512))
    yield { start, end: Math.min(start + size, total) }
}
