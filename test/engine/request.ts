import type { ClassifyRequest } from '../../src/engine/contract'

/** What is asked of an engine that never looks at the task. */
export const requestOf = (texts: readonly string[]): ClassifyRequest => ({
  model: 'm',
  task: {
    template: '{text}',
    optionsSeparator: ', ',
    labels: [],
    kShot: { demonstration: '{text} {label}', separator: ' ', query: '{text}' },
    maxInputTokens: 8,
  },
  mode: { kind: 'zero-shot' },
  texts,
})
