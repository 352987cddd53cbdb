import type { LabelSet } from '../../src/domain/label'
import type { Task } from '../../src/domain/task'

/** What T5 was trained on (arXiv 1910.10683, section 3.1.1); its relative positions let it read a little beyond. */
const maxInputTokens = 512

export const SENTIMENT_LABELS: LabelSet = [
  { id: 'negative', words: 'negative', aliases: ['bearish'] },
  { id: 'neutral', words: 'neutral', aliases: [] },
  { id: 'positive', words: 'positive', aliases: ['bullish'] },
]

/**
 * How a Flan-T5 without a `task.json` is asked: sentiment of financial news, in the words of Flan's own templates
 * (arXiv 2301.13688): the question after the text, `OPTIONS:` with a dash before each, and examples between `Ex Input:` and
 * `Ex Output:`. Its tokenizer turns line breaks into spaces, so spaces stand for them here.
 */
export const FLAN_TASK: Task = {
  template: '{text} What is the sentiment of this news? OPTIONS: - {options}',
  optionsSeparator: ' - ',
  labels: SENTIMENT_LABELS,
  kShot: {
    demonstration: 'Ex Input: {text} What is the sentiment of this news? Ex Output: {label}',
    separator: ' ',
    query: 'Ex Input: {text} What is the sentiment of this news? Ex Output:',
  },
  maxInputTokens,
}

/** What a backend is checked on where a model brings no `probes.json`: short and long, with figures, symbols and names. */
export const DEFAULT_PROBES: readonly string[] = [
  'Shares rose after the company raised its forecast.',
  'The retailer warned that profit would fall short of expectations as costs climb.',
  'The annual meeting will be held in Helsinki on 14 April.',
  '$ACME breaks out, adding here',
  'Net sales totalled EUR 12.4 million, compared with EUR 12.6 million a year before.',
  'Regulators blocked the merger over competition concerns, and both companies said that they would appeal.',
]
