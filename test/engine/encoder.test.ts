import { existsSync, readFileSync } from 'node:fs'
import { beforeAll, describe, expect, it } from 'vitest'
import { softmax } from '../../src/domain/softmax'
import type { ModelSummary, ScoredText } from '../../src/engine/contract'
import { DEMONSTRATIONS } from '../../src/samples/demonstrations'
import { createNodeEngine } from '../../scripts/node/node-engine'
import { connect, valueOf, type Connected } from './channel'

const models = new URL('../../../shared/models/', import.meta.url)
const model = 'minilm-finance-classifier'
const folder = new URL(`${model}/`, models)

interface Golden {
  readonly cases: readonly {
    readonly text: string
    readonly inputIds: readonly number[]
    /** In the order of the head. */
    readonly logits: readonly number[]
  }[]
}

const mode = { kind: 'as-trained' } as const

/** Our own encoder classifier is too large to keep here; where it lies beside the checkout it is checked. */
describe.skipIf(!existsSync(folder))('an encoder classifier', () => {
  const readGolden = () => JSON.parse(readFileSync(new URL('golden.json', folder), 'utf8')) as Golden
  let connected: Connected
  let summary: ModelSummary

  beforeAll(async () => {
    connected = connect(() => createNodeEngine(models.pathname, 1))
    summary = valueOf(await connected.client.load({ model, numberFormat: 'int8' }))
  })

  async function classify(texts: readonly string[]): Promise<readonly ScoredText[]> {
    const results: ScoredText[] = []
    const request = { model, task: summary.task, mode, texts }
    const run = await connected.client.classify(request, { onResults: (some) => results.push(...some) })
    expect(valueOf(run)).toMatchObject({ weights: 'base', numberFormat: 'int8', backend: 'wasm' })
    return results
  }

  it('tells how it can be asked, and its labels in display order', () => {
    expect(summary).toMatchObject({ modes: ['as-trained'], areLabelsFixed: true, backends: ['wasm'] })
    expect(summary.task.labels.map(({ id }) => id)).toEqual(['negative', 'neutral', 'positive'])
    expect(summary.parameters / 22_700_000).toBeCloseTo(1, 1)
    expect(summary.adapters).toEqual([])
  })

  it('gives the labels of the goldens, their token ids, and probabilities within 0.02', async () => {
    const { cases } = readGolden()
    for (const { text, inputIds, logits } of cases) {
      const [negative = 0, positive = 0, neutral = 0] = softmax(logits)
      const expected = [negative, neutral, positive]
      const [result] = await classify([text])
      const found = result?.probabilities ?? []
      expect(found.indexOf(Math.max(...found))).toBe(expected.indexOf(Math.max(...expected)))
      expected.forEach((p, label) => expect(Math.abs(p - (found[label] ?? NaN))).toBeLessThanOrEqual(0.02))
      const view = valueOf(await connected.client.inspect({ model, task: summary.task, mode, text }))
      expect(view.tokens.map(({ id }) => id)).toEqual(inputIds)
      expect(view).toMatchObject({ prompt: text, decoderPrefix: [], isCut: false })
    }
  })

  it('gives a text the same answer alone and among others', async () => {
    const texts = readGolden().cases.map(({ text }) => text)
    const together = await classify(texts)
    for (const [i, text] of texts.entries()) {
      const [alone] = await classify([text])
      expect(together[i]?.scores).toEqual(alone?.scores)
    }
    expect(summary.batching).toContain('one text at a time')
  })

  it('explains by leaving words out', async () => {
    const text = 'Shares of the chipmaker jumped after the report.'
    const { label, words } = valueOf(
      await connected.client.explain({ model, task: summary.task, mode, text }),
    )
    expect(summary.task.labels[label]?.id).toBe('positive')
    const most = words.reduce((a, b) => (b.drop > a.drop ? b : a))
    expect(most.word).toBe('jumped')
  })

  it('cuts a text that is too long and marks one that it cannot read', async () => {
    const [long, unknown] = await classify(['profit rose again '.repeat(400), '🦜🦜🦜 🦜🦜'])
    expect(long).toMatchObject({ isCut: true, inputTokens: expect.any(Number) as number })
    expect(long?.inputTokens).toBeLessThanOrEqual(512)
    expect(unknown?.isUnreadable).toBe(true)
  })

  it.each([
    { kind: 'zero-shot' },
    { kind: 'k-shot', k: 2, policy: 'similar', seed: 1, pool: DEMONSTRATIONS },
  ] as const)('cannot be asked $kind', async (asked) => {
    const request = { model, task: summary.task, mode: asked, texts: ['a'] }
    const outcome = await connected.client.classify(request)
    expect(outcome).toMatchObject({ ok: false, error: { code: 'invalid-request' } })
    expect(outcome.ok ? '' : outcome.error.message).toContain('it can be asked: as-trained')
  })

  it('cannot give other labels, nor fewer', async () => {
    for (const labels of [
      summary.task.labels.slice(1),
      summary.task.labels.map((label) => ({ ...label, id: `very ${label.id}` })),
    ]) {
      const request = { model, task: { ...summary.task, labels }, mode, texts: ['a'] }
      const outcome = await connected.client.classify(request)
      expect(outcome.ok ? '' : outcome.error.message).toBe(
        'This model was trained on the labels negative, positive, neutral and can give no others.',
      )
    }
  })
})
