import type { MeasuredLoss } from '../domain/format-loss'
import { formatCount, formatPercent } from './numbers'

/** What a number format costs some weights, as a sentence. */
export const lossWords = (loss: MeasuredLoss): string =>
  `Against the original in 32 bits ${formatPercent(loss.equalLabels)} of labels are equal; probabilities differ by ` +
  `${loss.meanDifference.toFixed(4)} on average, and by no more than ${loss.p99Difference.toFixed(3)} in 99 of 100 ` +
  `(${formatCount(loss.texts)} texts of ${loss.data}).`

/** The same in a few words. */
export const shortLoss = (loss: MeasuredLoss): string =>
  `${formatPercent(loss.equalLabels)} of labels as in fp32`
