import type { PackFigures } from './pack-figures'

const percent = (share: number): string => `${(share * 100).toFixed(1)} %`

/** A pack's figures for people, one line for each number format and set of weights. */
export function figureLines({ loss, scores }: PackFigures): readonly string[] {
  const start = (numberFormat: string, weights: string) => `${numberFormat.padEnd(13)}${weights.padEnd(9)}`
  return [
    ...(loss ? [`against the original in fp32 on ${loss.texts} texts of ${loss.data}:`] : []),
    ...(loss?.losses ?? []).map(
      ({ numberFormat, weights, equalLabels, meanDifference, p99Difference }) =>
        `${start(numberFormat, weights)}equal labels ${percent(equalLabels)}, |Δp| mean ${meanDifference.toFixed(4)}, 99th percentile ${p99Difference.toFixed(4)}`,
    ),
    ...(scores ?? []).map(
      ({ numberFormat, weights, data, texts, accuracy, macroF1 }) =>
        `${start(numberFormat, weights)}${data}, n ${texts}: accuracy ${accuracy.toFixed(4)}, macro-F1 ${macroF1.toFixed(4)}`,
    ),
  ]
}
