import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { parseTaskFile } from '../../workers/formats/task-file'

const NANO = new URL('../../public/models/smallcap-t5-nano/task.json', import.meta.url)
const LABELS = ['up', 'down'].map((id) => ({ id, words: `goes ${id}` }))
const PROMPT = { template: '{text} is', kShot: { demonstration: '{text} is {label}', query: '{text} is' } }

const parse = (task: object) => parseTaskFile(new TextEncoder().encode(JSON.stringify(task)), 'task.json')

describe('parseTaskFile', () => {
  it('reads the task of an embedded model, labels from bad to good', () => {
    const { task, adapter } = parseTaskFile(new Uint8Array(readFileSync(NANO)), 'task.json')
    expect(adapter).toBe('adapter-finance')
    expect(task).toEqual({
      template: '{text} sentiment:',
      optionsSeparator: ', ',
      labels: [
        { id: 'negative', words: 'negative', aliases: ['bearish'] },
        { id: 'neutral', words: 'neutral', aliases: [] },
        { id: 'positive', words: 'positive', aliases: ['bullish'] },
      ],
      kShot: { demonstration: '{text} sentiment: {label}.', separator: ' ', query: '{text} sentiment:' },
      maxInputTokens: 128,
    })
  })

  it('keeps the order of other labels and does without an adapter', () => {
    const file = parse({ maxInputTokens: 64, prompt: PROMPT, labels: { finance: LABELS } })
    expect(file.adapter).toBeUndefined()
    expect(file.task.labels.map(({ id, aliases }) => [id, aliases])).toEqual([
      ['up', []],
      ['down', []],
    ])
  })

  it('takes the label set that the adapter was trained for', () => {
    const file = parse({
      maxInputTokens: 64,
      prompt: PROMPT,
      labels: { finance: [], direction: LABELS },
      adapter: { folder: 'adapter-direction', labels: 'direction' },
    })
    expect(file.task.labels.map(({ words }) => words)).toEqual(['goes up', 'goes down'])
  })
})
