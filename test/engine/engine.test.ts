import { beforeAll, describe, expect, it } from 'vitest'
import type { Task } from '../../src/domain/task'
import type { ClassifyRequest, LoadProgress, ModelSummary, ScoredText } from '../../src/engine/contract'
import { DEMONSTRATIONS } from '../../src/samples/demonstrations'
import { SAMPLE_LINES } from '../../src/samples/sample-lines'
import { createNodeEngine } from '../../scripts/node/node-engine'
import { connect, valueOf, type Connected } from './channel'

const model = 'smallcap-t5-nano'
const texts: readonly string[] = SAMPLE_LINES
let connected: Connected
let summary: ModelSummary
const progress: LoadProgress[] = []

beforeAll(async () => {
  connected = connect(() => createNodeEngine('public/models', 1))
  const onProgress = (step: LoadProgress) => progress.push(step)
  summary = valueOf(await connected.client.load({ model, numberFormat: 'int8' }, { onProgress }))
})

const request = (change: Partial<ClassifyRequest> = {}): ClassifyRequest => ({
  model,
  task: summary.task,
  mode: { kind: 'fine-tuned', adapter: 'finance' },
  texts,
  ...change,
})

async function classify(change: Partial<ClassifyRequest> = {}): Promise<readonly ScoredText[]> {
  const results: ScoredText[] = []
  const onResults = (batch: readonly ScoredText[]) => results.push(...batch)
  valueOf(await connected.client.classify(request(change), { onResults }))
  return results
}

describe('load', () => {
  it('reports every phase, and bytes up to the announced total', () => {
    expect([...new Set(progress.map(({ phase }) => phase))]).toEqual([
      'downloading',
      'verifying',
      'compiling',
      'warming up',
    ])
    const last = progress.findLast((step) => step.phase === 'downloading')
    expect(last?.receivedBytes).toBe(last?.totalBytes)
    expect(summary).toMatchObject({ numberFormat: 'int8', backend: 'wasm', adapters: ['finance'] })
    expect(summary.parameters).toBeGreaterThan(1_900_000)
  })

  it('answers with a code and a sentence for a model that is not there', async () => {
    const outcome = await connected.client.load({ model: 'no-such-model', numberFormat: 'int8' })
    expect(outcome).toMatchObject({ ok: false, error: { code: 'model-unavailable' } })
  })
})

describe('classify', () => {
  it('hands results over in input order, whatever the lengths', async () => {
    const mixed = Array.from(
      { length: 90 },
      (_, i) => texts[i % texts.length]?.repeat(1 + ((i * 7) % 4)) ?? '',
    )
    const results = await classify({ texts: mixed })
    expect(results.map(({ index }) => index)).toEqual(mixed.map((_, i) => i))
  })

  it('gives a text the same answer alone and among others', async () => {
    const together = await classify()
    for (const [i, text] of texts.entries()) {
      const [alone] = await classify({ texts: [text] })
      for (const [label, p] of (alone?.probabilities ?? []).entries())
        expect(Math.abs(p - (together[i]?.probabilities[label] ?? NaN))).toBeLessThan(0.02)
    }
  })

  it('tells fine-tuned from zero-shot and back over one loaded model', async () => {
    const tuned = await classify()
    const base = await classify({ mode: { kind: 'zero-shot' } })
    expect(base).not.toEqual(tuned)
    const again = await classify()
    expect(again.map(({ scores }) => scores)).toEqual(tuned.map(({ scores }) => scores))
  })

  it.each(['random', 'balanced', 'similar'] as const)(
    'puts %s demonstrations into the prompt',
    async (policy) => {
      const mode = { kind: 'k-shot', k: 3, policy, seed: 13, pool: DEMONSTRATIONS } as const
      const results = await classify({ mode })
      for (const { demonstrationsUsed, probabilities } of results) {
        expect(demonstrationsUsed).toBe(3)
        expect(probabilities.reduce((sum, p) => sum + p, 0)).toBeCloseTo(1, 9)
      }
    },
  )

  it('scores labels of several tokens', async () => {
    const labels = [
      { id: 'bad', words: 'very bad', aliases: [] },
      { id: 'good', words: 'rather good', aliases: [] },
    ]
    const [bad, good] = await classify({
      task: { ...summary.task, labels },
      mode: { kind: 'zero-shot' },
      texts: ['an awful, boring film', 'a wonderful, moving film'],
    })
    expect(bad?.scores.every((score) => score < 0)).toBe(true)
    expect((good?.probabilities[1] ?? 0) > (bad?.probabilities[1] ?? 1)).toBe(true)
  })

  it('scores a cloze in the sentinel’s place', async () => {
    const task: Task = { ...summary.task, template: '{text} it was <extra_id_0> .' }
    const [result] = await classify({ task, mode: { kind: 'zero-shot' }, texts: [texts[0] ?? ''] })
    const view = valueOf(
      await connected.client.inspect({ model, task, mode: { kind: 'zero-shot' }, text: texts[0] ?? '' }),
    )
    expect(view.decoderPrefix.map(({ piece }) => piece)).toEqual(['<pad>', '<extra_id_0>'])
    expect(result?.probabilities).toHaveLength(3)
  })

  it('cuts what does not fit and marks what it cannot read', async () => {
    const [long, chinese, link, plain] = await classify({
      texts: [
        'profit rose again '.repeat(100),
        '公司发布了年度报告',
        'https://example.com/a',
        'Profit rose.',
      ],
    })
    expect(long).toMatchObject({ isCut: true, isUnreadable: false })
    expect(long?.inputTokens).toBeLessThanOrEqual(summary.task.maxInputTokens)
    expect(chinese).toMatchObject({ isCut: false, isUnreadable: true })
    expect(link?.isUnreadable).toBe(true)
    expect(plain).toMatchObject({ isCut: false, isUnreadable: false })
  })

  it.each([
    ['a model that is not loaded', { model: 'smallcap-t5-mini' }, /not loaded/],
    ['an unknown adapter', { mode: { kind: 'fine-tuned', adapter: 'medical' } }, /medical.*finance/],
    [
      'no demonstrations',
      { mode: { kind: 'k-shot', k: 0, policy: 'random', seed: 1, pool: [] } },
      /k must be/,
    ],
  ] as const)('refuses %s with a sentence', async (_, change, message) => {
    const outcome = await connected.client.classify(request(change))
    expect(outcome).toMatchObject({ ok: false, error: { code: 'invalid-request' } })
    expect(outcome.ok ? '' : outcome.error.message).toMatch(message)
  })

  it('refuses labels that the vocabulary cannot tell apart', async () => {
    const labels = ['Good', 'good'].map((words) => ({ id: words, words, aliases: [] }))
    const outcome = await connected.client.classify(request({ task: { ...summary.task, labels } }))
    expect(outcome).toMatchObject({ ok: false, error: { code: 'invalid-request' } })
  })
})

describe('stop', () => {
  it('ends a run between batches, and the next run works', async () => {
    const controller = new AbortController()
    let received = 0
    const outcome = await connected.client.classify(
      request({ texts: Array.from({ length: 2000 }, () => texts[0] ?? '') }),
      {
        signal: controller.signal,
        onResults: (results) => {
          received += results.length
          controller.abort()
        },
      },
    )
    expect(outcome).toMatchObject({ ok: false, error: { code: 'cancelled' } })
    expect(received).toBeGreaterThan(0)
    expect(received).toBeLessThan(2000)
    expect(connected.started()).toBe(1)
    expect(await classify()).toHaveLength(texts.length)
  })
})

describe('explain', () => {
  it('names the word that carries the label', async () => {
    const text = 'Shares of the chipmaker plunged after the quarterly report.'
    const mode = { kind: 'fine-tuned', adapter: 'finance' } as const
    const explanation = valueOf(await connected.client.explain({ model, task: summary.task, mode, text }))
    expect(summary.task.labels[explanation.label]?.id).toBe('negative')
    const strongest = explanation.words.reduce((a, b) => (b.drop > a.drop ? b : a))
    expect(strongest.word).toBe('plunged')
    for (const { word, start, end } of explanation.words) expect(text.slice(start, end)).toBe(word)
  })
})
