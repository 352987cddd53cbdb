import { beforeAll, describe, expect, it } from 'vitest'
import type { Asked } from '../../src/domain/asked'
import type { ClassifyRequest, ModelSummary, ScoredText, TextRequest } from '../../src/engine/contract'
import { DEMONSTRATIONS } from '../../src/samples/demonstrations'
import { createNodeEngine } from '../../scripts/node/node-engine'
import { connect, valueOf, type Connected } from './channel'

const model = 'smallcap-t5-nano'
let connected: Connected
let summary: ModelSummary

beforeAll(async () => {
  connected = connect(() => createNodeEngine('public/models', 1))
  summary = valueOf(await connected.client.load({ model, numberFormat: 'int8' }))
})

async function classify({ texts }: Pick<ClassifyRequest, 'texts'>): Promise<readonly ScoredText[]> {
  const results: ScoredText[] = []
  const onResults = (batch: readonly ScoredText[]) => results.push(...batch)
  const mode = { kind: 'fine-tuned', adapter: 'finance' } as const
  valueOf(await connected.client.classify({ model, task: summary.task, mode, texts }, { onResults }))
  return results
}

describe('a pair', () => {
  const text = 'Norrby Tools reports on its third quarter'
  const pair = 'Profit fell sharply and jobs will go'
  const zeroShot = { kind: 'zero-shot' } as const
  const inspect = async (asked: Asked, change: Partial<TextRequest> = {}) =>
    valueOf(
      await connected.client.inspect({ model, task: summary.task, mode: zeroShot, text: asked, ...change }),
    )

  it('is asked with the text, where the template says or behind it', async () => {
    expect((await inspect({ text, pair })).prompt).toBe(`${text} ${pair} sentiment:`)
    const task = { ...summary.task, template: '{pair} / {text} sentiment:' }
    expect((await inspect({ text, pair }, { task })).prompt).toBe(`${pair} / ${text} sentiment:`)
  })

  it('gives the answer of the prompt that is shown', async () => {
    const [alone, both, plain] = await classify({ texts: [text, { text, pair }, `${text} ${pair}`] })
    expect(both?.probabilities).not.toEqual(alone?.probabilities)
    expect(both?.inputTokens).toBe(plain?.inputTokens)
    for (const [place, probability] of (both?.probabilities ?? []).entries())
      expect(probability).toBeCloseTo(plain?.probabilities[place] ?? NaN, 2)
  })

  it('is cut before the text, and both are told', async () => {
    const long = 'many words '.repeat(200).trim()
    expect(await inspect({ text, pair: long })).toMatchObject({ isCut: true, isTextCut: false })
    expect(await inspect({ text: long, pair })).toMatchObject({ isCut: true, isTextCut: true })
    expect(await inspect({ text, pair })).toMatchObject({ isCut: false, isTextCut: false })
    const [cut] = await classify({ texts: [{ text, pair: long }] })
    expect(cut?.isCut).toBe(true)
  })

  it('is explained word by word as the text is', async () => {
    const mode = { kind: 'fine-tuned', adapter: 'finance' } as const
    const asked = { model, task: summary.task, mode, text: { text, pair } }
    const { words, pairWords, probability, label } = valueOf(await connected.client.explain(asked))
    for (const { word, start, end } of words) expect(text.slice(start, end)).toBe(word)
    for (const { word, start, end } of pairWords) expect(pair.slice(start, end)).toBe(word)
    expect(pairWords.map(({ word }) => word)).toEqual(pair.split(' '))
    const [without] = await classify({ texts: [{ text, pair: 'Profit sharply and jobs will go' }] })
    expect(pairWords[1]?.drop).toBeCloseTo(probability - (without?.probabilities[label] ?? NaN), 2)
  })

  it.each(['balanced', 'similar'] as const)('stands in the query of a k-shot prompt (%s)', async (policy) => {
    const mode = { kind: 'k-shot', k: 2, policy, seed: 1, pool: DEMONSTRATIONS } as const
    const { prompt, demonstrationsUsed } = await inspect({ text, pair }, { mode })
    expect(demonstrationsUsed).toBe(2)
    expect(prompt.endsWith(`. ${text} ${pair} sentiment:`)).toBe(true)
    // A demonstration that is the text itself would give the answer away, pair or not.
    const [first] = DEMONSTRATIONS
    if (!first) throw new Error('there are demonstrations')
    const own = await inspect(
      { text: first.text, pair },
      { mode: { ...mode, pool: DEMONSTRATIONS.slice(0, 3) } },
    )
    expect(own.prompt.split(first.text)).toHaveLength(2)
  })
})
