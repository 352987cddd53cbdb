/** Where one token of a label's words is read off. */
export interface ScoringTerm {
  /** Position in the flattened [sequences, positions] of the decoder's output. */
  readonly query: number
  /** Position in {@link ScoringPlan.tokens}. */
  readonly column: number
}

/** What the decoder has to be run on to score labels. */
export interface ScoringPlan {
  /** Decoder inputs, all of one length (shorter ones padded at the end). */
  readonly sequences: readonly (readonly number[])[]
  /** Tokens whose logits are needed. */
  readonly tokens: readonly number[]
  /** For each label the terms whose log-probabilities add up to its score. */
  readonly labels: readonly (readonly ScoringTerm[])[]
  /** Whether log-probabilities need the full vocabulary, or logits do because they share one normaliser. */
  readonly needsNormaliser: boolean
}

/**
 * Plans the scores Σ log p(label tokens | text, prefix), without the end token.
 * Labels of one token each share a decoder run and a normaliser, which cancels in the softmax over labels; as soon as one
 * label has more, every label is fed its own tokens (teacher forcing) and normalised over the vocabulary.
 * @param prefix decoder tokens before the label: the start token, or start token and sentinel for a cloze.
 */
export function planScoring(
  prefix: readonly number[],
  labelTokens: readonly (readonly number[])[],
  padTokenId: number,
): ScoringPlan {
  const last = prefix.length - 1
  if (labelTokens.every((tokens) => tokens.length === 1)) {
    return {
      sequences: [prefix],
      tokens: labelTokens.flat(),
      labels: labelTokens.map((_, column) => [{ query: last, column }]),
      needsNormaliser: false,
    }
  }
  const positions = last + Math.max(...labelTokens.map((tokens) => tokens.length))
  const sequences = labelTokens.map((tokens) => {
    const sequence = [...prefix, ...tokens.slice(0, -1)]
    return [...sequence, ...Array<number>(positions - sequence.length).fill(padTokenId)]
  })
  let column = 0
  const labels = labelTokens.map((tokens, row) =>
    tokens.map((_, i) => ({ query: row * positions + last + i, column: column++ })),
  )
  return { sequences, tokens: labelTokens.flat(), labels, needsNormaliser: true }
}

/** Whether one decoder step from the start token alone is all there is to score, without a normaliser. */
export const isSingleStep = ({ sequences, needsNormaliser }: ScoringPlan, startTokenId: number): boolean =>
  !needsNormaliser && sequences.length === 1 && sequences[0]?.length === 1 && sequences[0][0] === startTokenId

/** [batch][labels] from logits [batch, queries, tokens] and, for log-probabilities, normalisers [batch, queries]. */
export function labelScores(
  { labels, tokens }: ScoringPlan,
  batch: number,
  logits: Float32Array,
  logSumExp?: Float32Array,
): number[][] {
  const queries = logits.length / batch / tokens.length
  return Array.from({ length: batch }, (_, text) =>
    labels.map((terms) =>
      terms.reduce((sum, { query, column }) => {
        const position = text * queries + query
        return sum + (logits[position * tokens.length + column] ?? NaN) - (logSumExp?.[position] ?? 0)
      }, 0),
    ),
  )
}
