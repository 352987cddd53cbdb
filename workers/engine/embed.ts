import { planBatches } from './batches'
import type { JobContext } from './jobs'
import type { LoadedModel } from './loaded-model'

/** Characters looked at: more cannot fit, and tokenizing a megabyte for its first tokens would hold everything up. */
const maxCharacters = 8192

/**
 * The mean of the base model's encoder states over each text's tokens: [width] for each text.
 * @param context left out where others wait for the same vectors and one job's end must not end theirs
 */
export async function embed(
  { states: encoder, tokenizer, summary, batchingRule }: LoadedModel,
  texts: readonly string[],
  context?: JobContext,
): Promise<Float32Array[]> {
  if (!encoder) throw new Error('Only models with states to compare are asked for demonstrations')
  const { width } = encoder
  const prompts: (readonly number[])[] = []
  for (const text of texts) {
    if (prompts.length % 16 === 0) await context?.checkpoint()
    prompts.push(tokenizer.encode(text.slice(0, maxCharacters)).ids.slice(0, summary.task.maxInputTokens))
  }
  const vectors: Float32Array[] = []
  const lengths = prompts.map((ids) => ids.length)
  for (const batch of planBatches(lengths, batchingRule)) {
    await context?.checkpoint()
    const { states, length } = await encoder.encode(batch.map((index) => prompts[index] ?? []))
    for (const [row, index] of batch.entries()) {
      const own = prompts[index]?.length ?? 0
      vectors[index] = meanRow(states.subarray(row * length * width, (row * length + own) * width), width)
    }
  }
  return vectors
}

/** The mean of the rows of a [rows, columns] matrix. */
function meanRow(matrix: Float32Array, columns: number): Float32Array {
  const mean = new Float32Array(columns)
  const share = columns / matrix.length
  matrix.forEach((value, i) => {
    mean[i % columns] = (mean[i % columns] ?? 0) + value * share
  })
  return mean
}
