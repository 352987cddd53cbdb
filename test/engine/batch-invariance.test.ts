import { beforeAll, expect, it } from 'vitest'
import type { Mode } from '../../src/domain/task'
import type { ModelSummary, NumberFormat, ScoredText } from '../../src/engine/contract'
import { DEMONSTRATIONS } from '../../src/samples/demonstrations'
import { SAMPLE_LINES } from '../../src/samples/sample-lines'
import { createNodeEngine } from '../../scripts/node/node-engine'
import { configureRuntime } from '../../workers/runtime/configure'
import { valueOf } from './channel'

beforeAll(() => {
  configureRuntime({ threads: 1 })
})

/** Texts of many lengths: each alone, cut short, and with its neighbour. */
const LINES = [...SAMPLE_LINES, ...DEMONSTRATIONS.map(({ text }) => text)]
const TEXTS = LINES.flatMap((line, place) => [
  line,
  line.split(' ').slice(0, 4).join(' '),
  `${line} ${LINES[(place + 1) % LINES.length] ?? ''}`,
])

const modesOf = ({ adapters }: ModelSummary): readonly Mode[] => [
  { kind: 'zero-shot' },
  ...adapters.map((adapter) => ({ kind: 'fine-tuned', adapter }) as const),
]

/** |Δp| of every label of every text between the text alone and among the others, least first. */
async function differences(
  model: string,
  numberFormat: NumberFormat,
  texts: readonly string[],
): Promise<number[]> {
  const engine = createNodeEngine('public/models', 1)
  const summary = valueOf(await engine.load('load', { model, numberFormat }, () => undefined))
  const found: number[] = []
  for (const mode of modesOf(summary)) {
    const classify = async (asked: readonly string[]): Promise<ScoredText[]> => {
      const results: ScoredText[] = []
      const request = { model, task: summary.task, mode, texts: asked }
      valueOf(await engine.classify('run', request, (some) => void results.push(...some)))
      return results
    }
    const together = await classify(texts)
    for (const [place, text] of texts.entries()) {
      const [alone] = await classify([text])
      for (const [label, p] of (alone?.probabilities ?? []).entries())
        found.push(Math.abs(p - (together[place]?.probabilities[label] ?? NaN)))
    }
  }
  expect(found).toHaveLength(texts.length * summary.task.labels.length * modesOf(summary).length)
  return found.sort((a, b) => a - b)
}

const MODELS = ['smallcap-t5-nano', 'smallcap-t5-mini']

it.each(MODELS)(
  '%s in int8 answers alone as in a batch: p99 of |Δp| at most .01',
  async (model) => {
    const found = await differences(model, 'int8', TEXTS)
    expect(found[Math.floor(found.length * 0.99)]).toBeLessThanOrEqual(0.01)
  },
  120_000,
)

it.each(MODELS)(
  '%s in fp32 answers alone as in a batch to 1e-5',
  async (model) => {
    // Exact for every text, so that fewer say as much.
    const found = await differences(
      model,
      'fp32',
      TEXTS.filter((_, place) => place % 4 === 0),
    )
    expect(found.at(-1)).toBeLessThanOrEqual(1e-5)
  },
  120_000,
)
