import { existsSync, readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { parseTokenizerFile } from '../../workers/formats/tokenizer-file'
import { TextTokenizer } from '../../workers/t5/tokenizer'
import { SMALL_TOKENIZER } from './malformed/tokenizer-cases'

const flan = new URL('../../../shared/data/flan-t5-small-config/tokenizer.json', import.meta.url)

it('gives the library a tokenizer that works', () => {
  const bytes = new TextEncoder().encode(JSON.stringify(SMALL_TOKENIZER))
  const tokenizer = new TextTokenizer(parseTokenizerFile(bytes, 'tokenizer.json', 8), {})
  expect(tokenizer.encode('a ab')).toEqual({ ids: [3, 3, 4, 1], pieces: ['▁a', '▁a', 'b', '</s>'] })
})

it('takes the embedded models’ tokenizer', () => {
  const bytes = new Uint8Array(readFileSync('public/models/smallcap-t5-nano/tokenizer.json'))
  expect(() => parseTokenizerFile(bytes, 'tokenizer.json', 8192)).not.toThrow()
})

it.skipIf(!existsSync(flan))('takes Flan-T5’s tokenizer as it was published', () => {
  const json = parseTokenizerFile(new Uint8Array(readFileSync(flan)), 'tokenizer.json', 32_128)
  // transformers.AutoTokenizer.from_pretrained('google/flan-t5-small')('translate {x}\n now').input_ids
  expect(new TextTokenizer(json, {}).encode('positive outlook').ids.at(-1)).toBe(1)
})
