import { figuresOf, majorityFigures, pairOfSides } from '../../../../src/domain/evaluation/compare-answers'
import type { Report, ReportSetup } from '../../../../src/domain/evaluation/report/report'
import { FINANCE_TASK } from '../../finance-task'

export const SETUP: ReportSetup = {
  choice: {
    ...{ model: 'smallcap-t5-nano', mode: 'k-shot', adapter: null, k: 5, policy: 'balanced', seed: 13 },
    ...{ template: 'project', numberFormat: null },
  },
  modelName: 'nano',
  task: FINANCE_TASK,
  mode: {
    ...{ kind: 'k-shot', k: 5, policy: 'balanced', seed: 13 },
    demonstrations: { count: 96, sha256: 'd'.repeat(64) },
  },
  parts: [
    {
      ...{ rows: 4, batching: 'near-equal lengths', threads: 2, backend: 'wasm', numberFormat: 'int8' },
      weightsSha256: 'b'.repeat(64),
    },
  ],
  weightsBytes: 2_078_344,
  elapsedMs: 40,
}

const GOLD = Int16Array.of(0, 1, 2, 1)
const ANSWERS = [Int16Array.of(0, 1, 2, 1), Int16Array.of(0, 0, 2, -1)] as const

/** Two set-ups on four texts, under names that are asked for, or on texts without gold labels. */
export function aReport({
  labels = ['negative', 'neutral', 'positive'],
  names: [first, second] = ['nano 5-shot', 'gpt.csv'],
  dataName = 'some.csv',
  hasGold = true,
}: {
  readonly labels?: readonly string[]
  readonly names?: readonly [string, string]
  readonly dataName?: string
  readonly hasGold?: boolean
} = {}) {
  const gold = hasGold ? GOLD : new Int16Array(4).fill(-1)
  const report: Report = {
    savedAt: '2026-01-02T03:04:05.678Z',
    page: { smallcap: '0.1.0', onnxRuntime: '1.2.3', userAgent: 'A browser/1', processors: 2 },
    texts: {
      ...{ count: 4, sha256: 'a'.repeat(64), name: dataName },
      dataset: hasGold ? { id: 'tfsn', name: 'Twitter financial news sentiment' } : null,
      repeats: { duplicates: 2, shown: 1 },
    },
    gold: { count: hasGold ? 4 : 0, sha256: 'c'.repeat(64) },
    labels,
    task: null,
    resampling: { resamples: 1000, seed: 1 },
    majority: majorityFigures(labels, gold) ?? null,
    sides: [
      {
        ...{ number: 1, name: first, setup: SETUP, answered: 4 },
        figures: figuresOf(labels, gold, ANSWERS[0], 1) ?? null,
      },
      {
        ...{ number: 2, name: second, setup: null, answered: 3 },
        figures: figuresOf(labels, gold, ANSWERS[1], 1) ?? null,
      },
    ],
  }
  const [one, other] = ANSWERS.map((answers, place) => ({ name: [first, second][place] ?? '', answers }))
  const pairs =
    hasGold && one && other ? [{ first, second, pair: pairOfSides(labels.length, gold, one, other, 1) }] : []
  return { report, pairs }
}
