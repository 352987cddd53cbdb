import type { FormatLoss } from '../domain/format-loss'
import { formatPercent } from './numbers'

/** What a number format costs some weights, as a sentence; undefined where it was not measured. */
export function lossWords(loss: FormatLoss | undefined, weights: string): string | undefined {
  const measured = loss?.byWeights[weights]
  if (!loss || !measured) return undefined
  return (
    `Against the original in 32 bits ${formatPercent(measured.equalLabels)} of labels are equal; probabilities differ by ` +
    `${measured.meanDifference.toFixed(4)} on average, and by no more than ${measured.p99Difference.toFixed(3)} in 99 of 100 ` +
    `(${loss.texts} texts of ${loss.data}).`
  )
}

/** The same in a few words. */
export function shortLoss(loss: FormatLoss | undefined, weights: string): string | undefined {
  const measured = loss?.byWeights[weights]
  return measured && `${formatPercent(measured.equalLabels)} of labels as in fp32`
}
