import { describe, expect, it } from 'vitest'
import { hasCode, setupCode } from '../../../src/domain/evaluation/setup-code'
import type { Task } from '../../../src/domain/task'

const TASK: Task = {
  template: 'Is this "{options}"? {text}',
  optionsSeparator: ' or ',
  labels: [
    { id: 'up', words: 'rising \\ "strong"', aliases: [] },
    { id: 'down', words: 'falling', aliases: ['sinking'] },
  ],
  kShot: { demonstration: '{text} → {label}', separator: '\n', query: '{text} →' },
  maxInputTokens: 96,
}
const pool = [
  { text: 'Sales rose.', labelId: 'up' },
  { text: 'Sales fell.', labelId: 'down' },
  { text: 'Profit "soared".', labelId: 'up' },
]
const code = (mode: Parameters<typeof setupCode>[0]['mode']) => setupCode({ model: 'nano', task: TASK, mode })

describe('a set-up as Python', () => {
  it('asks zero-shot in the template, every string quoted', () => {
    const program = code({ kind: 'zero-shot' })
    expect(program).toContain('TEMPLATE = "Is this \\"{options}\\"? {text}"')
    expect(program).toContain('    "up": "rising \\\\ \\"strong\\"",')
    expect(program).toContain('OPTIONS = " or ".join(LABELS.values())')
    expect(program).not.toMatch(/peft|K = /)
  })

  it('puts the adapter on', () => {
    const program = code({ kind: 'fine-tuned', adapter: 'finance' })
    expect(program).toContain('# pip install torch transformers peft')
    expect(program).toContain('ADAPTER = MODEL + "/adapter-finance"')
    expect(program).toContain('model = PeftModel.from_pretrained(model, ADAPTER).eval()')
  })

  it('shows the demonstrations that the seed draws, and all of them where each text has its own', () => {
    const shown = (program: string) =>
      [...program.matchAll(/^ {4}\(("(?:[^"\\]|\\.)*"), /gm)].map(([, text]) => text)
    const balanced = code({ kind: 'k-shot', k: 1, policy: 'balanced', seed: 3, pool })
    expect(shown(balanced)).toHaveLength(1)
    expect(balanced).toContain('SEPARATOR = "\\n"')
    const similar = code({ kind: 'k-shot', k: 1, policy: 'similar', seed: 3, pool })
    expect(shown(similar)).toEqual(['"Sales rose."', '"Sales fell."', '"Profit \\"soared\\"."'])
    expect(similar).toContain('cosine_similarity')
  })

  it('is not there for a classifier, nor for a cloze', () => {
    expect(hasCode({ task: TASK, mode: { kind: 'as-trained' } })).toBe(false)
    expect(
      hasCode({ task: { ...TASK, template: '{text} It was <extra_id_0>.' }, mode: { kind: 'zero-shot' } }),
    ).toBe(false)
    expect(hasCode({ task: TASK, mode: { kind: 'zero-shot' } })).toBe(true)
  })
})
