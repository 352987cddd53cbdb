import { readFileSync } from 'node:fs'
import { Tokenizer } from '@huggingface/tokenizers'
import { expect, it } from 'vitest'
import { DEMONSTRATIONS } from '../../src/samples/demonstrations'
import { SAMPLE_LINES } from '../../src/samples/sample-lines'
import { rememberWords } from '../../workers/t5/remember-words'

function readTokenizer(): Tokenizer {
  const path = new URL('../fixtures/nano-fp32/tokenizer.json', import.meta.url)
  const json: unknown = JSON.parse(readFileSync(path, 'utf8'))
  if (typeof json !== 'object' || json === null) throw new Error('tokenizer.json holds no object')
  return new Tokenizer(json, {})
}

function modelOf(tokenizer: Tokenizer): NonNullable<Tokenizer['model']> {
  if (!tokenizer.model) throw new Error('The tokenizer has no model')
  return tokenizer.model
}

const TEXTS = [
  ...SAMPLE_LINES,
  ...DEMONSTRATIONS.map(({ text }) => text),
  '',
  '▁ a▁b ▁▁c',
  '漢字 🚀🚀up {x} 🚀',
  `${'endless'.repeat(40)} word`,
]

it('changes no tokens, the first time or later', () => {
  const [plain, remembering] = [readTokenizer(), readTokenizer()]
  rememberWords(modelOf(remembering))
  for (const text of [...TEXTS, ...TEXTS]) expect(remembering.encode(text)).toEqual(plain.encode(text))
})

it('finds the pieces of a word once', () => {
  const tokenizer = readTokenizer()
  const model = modelOf(tokenizer)
  const encode = model.encode.bind(model)
  const asked: string[] = []
  model.encode = (texts) => {
    asked.push(...texts)
    return encode(texts)
  }
  rememberWords(model)
  tokenizer.encode('profit rose and profit fell')
  tokenizer.encode('profit fell')
  expect(asked).toEqual(['▁profit', '▁rose', '▁and', '▁fell'])
})

it('leaves a vocabulary alone whose pieces run over the start of a word', () => {
  const model = modelOf(readTokenizer())
  model.vocab.push('▁profit▁rose')
  rememberWords(model)
  expect(Object.hasOwn(model, 'encode')).toBe(false)
  model.vocab.pop()
  rememberWords(model)
  expect(Object.hasOwn(model, 'encode')).toBe(true)
})
