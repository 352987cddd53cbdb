import { describe, expect, it } from 'vitest'
import { linkedSetups, linkTo, missingSetups } from '../../../src/state/compare/setup-link'
import type { ProjectTask } from '../../../src/domain/project'
import type { SetupChoice, SetupRecord } from '../../../src/storage/compare-record'

const choice: SetupChoice = {
  model: 'smallcap-t5-nano',
  mode: 'k-shot',
  adapter: null,
  k: 5,
  policy: 'balanced',
  seed: 7,
  template: 'project',
  numberFormat: 'int8-weights',
}
const ran = { template: 'project', numberFormat: null, weightsBytes: 2 } as const
const setup = (changes: Partial<SetupChoice> = {}): SetupRecord => ({ ...choice, id: '1', ran, ...changes })
const TASK: ProjectTask = {
  labels: ['bug & co', 'praise'].map((id) => ({ id, words: id, aliases: [] })),
  template: 'Is “{text}” <extra_id_0>?',
}
const ADDRESS = 'https://example.org/smallcap/?a=1#classify'
const encoded = (value: unknown): string => `#compare?setups=${encodeURIComponent(JSON.stringify(value))}`
const hashOf = (link: string): string => new URL(link).hash

describe('a link to set-ups', () => {
  it('leads to the page’s own address, and names them without their answers', () => {
    const model = 'café & co/100% #1'
    const link = linkTo([setup(), setup({ model, mode: 'fine-tuned', adapter: 'a b' })], TASK, ADDRESS)
    expect(link).toMatch(/^https:\/\/example\.org\/smallcap\/\?a=1#compare\?setups=/)
    expect(link).not.toContain('ran')
    expect(linkedSetups(hashOf(link))).toEqual({
      ok: true,
      value: { setups: [choice, { ...choice, model, mode: 'fine-tuned', adapter: 'a b' }], task: TASK },
    })
  })

  it('says that each model is asked its own task, and knows of none where it was made before links had one', () => {
    expect(linkedSetups(hashOf(linkTo([setup()], undefined, ADDRESS)))).toEqual({
      ok: true,
      value: { setups: [choice], task: null },
    })
    expect(linkedSetups(encoded([choice]))).toEqual({ ok: true, value: { setups: [choice] } })
  })

  it.each(['', '#compare', '#classify', '#compare?other=1'])('is not %j', (hash) => {
    expect(linkedSetups(hash)).toBeUndefined()
  })

  it.each([
    ['cut off', hashOf(linkTo([setup()], TASK, ADDRESS)).slice(0, -9)],
    ['without set-ups', encoded([])],
    ['with a mode that there is not', encoded([{ ...choice, mode: 'many-shot' }])],
    ['with a seed that is none', encoded([{ ...choice, seed: -1 }])],
    [
      'with a task that no project could have',
      encoded({ setups: [choice], task: { ...TASK, template: 'no text' } }),
    ],
    [
      'with a task of one label',
      encoded({ setups: [choice], task: { ...TASK, labels: TASK.labels.slice(1) } }),
    ],
    ['no JSON', '#compare?setups=%7B'],
    ['no encoding', '#compare?setups=%E0%A4%A'],
    ['endless', encoded(Array.from({ length: 200 }, () => choice))],
  ])('that is %s is refused in a sentence', (_what, hash) => {
    expect(linkedSetups(hash)).toMatchObject({
      ok: false,
      error: expect.stringContaining('cannot read') as string,
    })
  })

  it('adds what is not there yet, each once', () => {
    const other = { ...choice, k: 1 } as const
    expect(missingSetups([choice, other, other], [setup()])).toEqual([other])
  })
})
