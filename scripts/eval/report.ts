import type { DatasetKind } from '../../src/domain/datasets'
import type { Metrics } from '../../src/domain/evaluation/metrics'
import type { Evaluation } from './evaluate'

const KINDS: Record<DatasetKind, string> = {
  tfsn: 'TFSN (0 bearish, 1 bullish, 2 neutral)',
  fpb: 'Financial PhraseBank',
  table: 'table',
}

const share = (value: number): string => value.toFixed(4)

function confusionLines({ perClass, confusion }: Metrics): string[] {
  const names = perClass.map((each) => each.labelId)
  const width = Math.max(9, ...names.map((name) => name.length)) + 2
  const line = (first: string, cells: readonly string[]): string =>
    first.padEnd(width + 6) + cells.map((cell) => cell.padStart(width)).join('')
  return [
    line('gold \\ predicted', [...names, 'precision', 'recall', 'F1']),
    ...perClass.map((each, row) => {
      const counts = (confusion[row] ?? []).map(String)
      return line(each.labelId, [...counts, share(each.precision), share(each.recall), share(each.f1)])
    }),
  ]
}

/** The figures for people, a fact per line. */
export function formatReport({ data, mode, run, metrics, ...rest }: Evaluation): string {
  const { accuracyInterval: interval, majority } = metrics
  const of = data.rows === metrics.n ? '' : ` of ${data.rows} rows, drawn at random`
  const used = rest.demonstrationsUsed
  return [
    `data       ${data.file}, ${KINDS[data.kind]}`,
    `n          ${metrics.n}${of}`,
    `model      ${run.model}, ${run.weights} weights, ${run.numberFormat}, ${run.backend} with ${run.threads} threads`,
    `mode       ${mode}${used > 0 ? `, ${used.toFixed(1)} demonstrations fitted on average` : ''}`,
    `accuracy   ${share(metrics.accuracy)}  95 % interval ${share(interval.low)} to ${share(interval.high)}`,
    `macro-F1   ${share(metrics.macroF1)}`,
    `majority   ${share(majority.accuracy)}  always "${majority.labelId}"`,
    `speed      ${rest.textsPerSecond.toFixed(1)} texts per second, ${(run.elapsedMs / 1000).toFixed(1)} s`,
    `cut        ${rest.cut}`,
    `unreadable ${rest.unreadable}`,
    '',
    ...confusionLines(metrics),
    '',
  ].join('\n')
}
