import { NO_ANSWER, type Answers } from '../../../domain/evaluation/compare-answers'
import { accuracyByCoverage, type CoveragePoint } from '../../../domain/evaluation/coverage'
import type { Side } from '../../../state/compare/results.svelte'

/** A side that says how sure it is, over the texts with a gold label; of a file, over those with a probability. */
export interface SureSide {
  readonly side: Side
  readonly confidences: readonly number[]
  readonly right: readonly boolean[]
  /** From all texts answered to the surest alone. */
  readonly coverage: readonly CoveragePoint[]
}

export function sureSides(sides: readonly Side[], gold: Answers): readonly SureSide[] {
  return sides.flatMap((side) => {
    const { answers, confidences: given } = side
    if (!given) return []
    const texts = [...given.keys()].filter(
      (text) =>
        gold[text] !== NO_ANSWER &&
        answers[text] !== NO_ANSWER &&
        gold[text] !== undefined &&
        !Number.isNaN(given[text]),
    )
    if (texts.length === 0) return []
    const confidences = texts.map((text) => given[text] ?? 0)
    const right = texts.map((text) => answers[text] === gold[text])
    return [{ side, confidences, right, coverage: accuracyByCoverage(confidences, right) }]
  })
}
