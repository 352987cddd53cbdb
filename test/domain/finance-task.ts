import type { Task } from '../../src/domain/task'

/** The embedded models' task, as the tests of this room use it. */
export const FINANCE_TASK: Task = {
  template: '{text} sentiment:',
  optionsSeparator: ', ',
  labels: [
    { id: 'negative', words: 'bad news', aliases: ['bearish'] },
    { id: 'neutral', words: 'neutral', aliases: [] },
    { id: 'positive', words: 'good news', aliases: ['bullish'] },
  ],
  kShot: { demonstration: '{text} sentiment: {label}.', separator: ' ', query: '{text} sentiment:' },
  maxInputTokens: 128,
}
