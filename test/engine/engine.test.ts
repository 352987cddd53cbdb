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
        expect(Math.abs(p - (together[i]?.probabilities[label] ?? NaN))).toBeLessThan(0.01)
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

  it.each([
    { kind: 'zero-shot' },
    { kind: 'k-shot', k: 5, policy: 'similar', seed: 1, pool: DEMONSTRATIONS },
  ] as const)('keeps the rest of a run whose one line is endless ($kind)', async (mode) => {
    const [endless, chinese, plain] = await classify({
      mode,
      texts: ['x'.repeat(250_000), '公司发布了年度报告'.repeat(20_000), 'Profit rose.'],
    })
    expect(endless).toMatchObject({ isCut: true })
    expect(chinese).toMatchObject({ isCut: true, isUnreadable: true })
    expect(plain).toMatchObject({ isCut: false, isUnreadable: false })
  })

  it.each([
    { kind: 'zero-shot' },
    { kind: 'k-shot', k: 2, policy: 'balanced', seed: 1, pool: DEMONSTRATIONS },
    { kind: 'fine-tuned', adapter: 'finance' },
  ] as const)('cuts what does not fit and marks what it cannot read ($kind)', async (mode) => {
    const [long, chinese, link, plain] = await classify({
      mode,
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
  it.each([
    { kind: 'fine-tuned', adapter: 'finance' },
    { kind: 'k-shot', k: 5, policy: 'balanced', seed: 1, pool: DEMONSTRATIONS },
    { kind: 'k-shot', k: 5, policy: 'similar', seed: 1, pool: DEMONSTRATIONS },
  ] as const)('ends a run between batches, and the next run works ($kind $policy)', async (mode) => {
    const controller = new AbortController()
    let received = 0
    const outcome = await connected.client.classify(
      request({ mode, texts: Array.from({ length: 2000 }, () => texts[0] ?? '') }),
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
  const mode = { kind: 'fine-tuned', adapter: 'finance' } as const
  const explain = async (text: string, signal?: AbortSignal) =>
    connected.client.explain({ model, task: summary.task, mode, text }, signal ? { signal } : {})

  it('gives for each word what leaving it out takes from the label', async () => {
    const text = 'Shares plunged after the report.'
    const { label, probability, words } = valueOf(await explain(text))
    expect(words.map(({ word }) => word)).toEqual(['Shares', 'plunged', 'after', 'the', 'report.'])
    for (const { word, start, end } of words) expect(text.slice(start, end)).toBe(word)
    const [whole, without] = await classify({ texts: [text, 'Shares after the report.'] })
    expect(probability).toBeCloseTo(whole?.probabilities[label] ?? NaN, 2)
    expect(words[1]?.drop).toBeCloseTo(probability - (without?.probabilities[label] ?? NaN), 2)
  })

  it('looks only at the words that the model saw, and can be stopped', async () => {
    const long = 'profit rose again '.repeat(3000)
    const { words } = valueOf(await explain(long))
    expect(words.length).toBeGreaterThan(50)
    expect(words.length).toBeLessThan(summary.task.maxInputTokens)
    const controller = new AbortController()
    const stopping = explain(long, controller.signal)
    setTimeout(() => {
      controller.abort()
    }, 30)
    expect(await stopping).toMatchObject({ ok: false, error: { code: 'cancelled' } })
    expect(connected.started()).toBe(1)
  })
})

describe('one load after another', () => {
  it('loads a model once for two that ask, and keeps the one in use when its format changes', async () => {
    const engine = connect(() => createNodeEngine('public/models', 1))
    const ask = (numberFormat: 'int8' | 'fp32') => engine.client.load({ model, numberFormat })
    const [first, second] = await Promise.all([ask('int8'), ask('int8')])
    expect(valueOf(first).loadMs).toBe(valueOf(second).loadMs)
    const running = engine.client.classify(
      request({ texts: Array.from({ length: 300 }, () => texts[0] ?? '') }),
    )
    const [run, changed] = await Promise.all([running, ask('fp32')])
    expect(valueOf(run)).toMatchObject({ numberFormat: 'int8', texts: 300 })
    expect(valueOf(changed).numberFormat).toBe('fp32')
  })
})
