import type { ScoringPlan } from '../../workers/t5/scoring-plan'

/** A plan that gives the log-probability of every token at every position of one decoder input. */
export function everyToken(sequence: readonly number[], vocabulary: number): ScoringPlan {
  const tokens = Array.from({ length: vocabulary }, (_, id) => id)
  return {
    sequences: [sequence],
    tokens,
    labels: sequence.flatMap((_, query) => tokens.map((column) => [{ query, column }])),
    needsNormaliser: true,
  }
}
