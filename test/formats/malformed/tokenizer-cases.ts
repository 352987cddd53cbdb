import { parseTokenizerFile } from '../../../workers/formats/tokenizer-file'
import type { MalformedCase } from './malformed-case'
import { editedCases, type Edit } from './text-cases'

const VOCABULARY = 8

/** A small tokenizer in the layout of published ones. */
export const SMALL_TOKENIZER = {
  added_tokens: [{ id: 1, content: '</s>', special: true, normalized: false }],
  normalizer: {
    type: 'Sequence',
    normalizers: [{ type: 'Replace', pattern: { Regex: '\\s+' }, content: ' ' }],
  },
  pre_tokenizer: { type: 'Metaspace', replacement: '▁', prepend_scheme: 'always', split: true },
  post_processor: {
    type: 'TemplateProcessing',
    single: [{ Sequence: { id: 'A', type_id: 0 } }, { SpecialToken: { id: '</s>', type_id: 0 } }],
    special_tokens: { '</s>': { id: '</s>', ids: [1], tokens: ['</s>'] } },
  },
  decoder: { type: 'Metaspace', replacement: '▁', prepend_scheme: 'always', split: true },
  model: {
    type: 'Unigram',
    unk_id: 2,
    vocab: [
      ['<pad>', 0],
      ['</s>', 0],
      ['<unk>', 0],
      ['▁a', -1],
      ['b', -2],
    ],
  },
}

const PATTERN = ['normalizer', 'normalizers', 0, 'pattern', 'Regex']

const EDITS: readonly Edit[] = [
  [['model'], [undefined, [], 'Unigram']],
  [
    ['model', 'type'],
    ['BPE', undefined, 1],
  ],
  [
    ['model', 'unk_id'],
    [undefined, -1, 5, 1.5, '2'],
  ],
  [
    ['model', 'vocab'],
    [undefined, {}, [1], [['a']], [['a', 'b']], [[1, 1]], Array.from({ length: 9 }, () => ['a', 0])],
  ],
  [
    ['added_tokens', 0, 'id'],
    [-5, 1.5, 'x', VOCABULARY, undefined],
  ],
  [
    ['added_tokens', 0, 'content'],
    [undefined, '', 3],
  ],
  [['post_processor'], [undefined, null, []]],
  [
    ['post_processor', 'type'],
    ['BertProcessing', undefined],
  ],
  [
    ['post_processor', 'single'],
    [undefined, [], [{ Sequence: { id: 'A' } }]],
  ],
  [['post_processor', 'special_tokens', '</s>', 'ids'], [[-1], [VOCABULARY], ['1']], '</s>'],
  [PATTERN, ['(a+)+$', '(?:a|a)*b', 'a*a*a*a*b', 'x'.repeat(300)]],
]

/** Tokenizers with one thing wrong. */
export const tokenizerCases = (): readonly MalformedCase[] =>
  editedCases(
    'tokenizer.json',
    new TextEncoder().encode(JSON.stringify(SMALL_TOKENIZER)),
    (bytes, file) => parseTokenizerFile(bytes, file, VOCABULARY),
    EDITS,
  )
