import { Tokenizer } from '@huggingface/tokenizers'
import { ModelFormatError } from '../formats/format-error'
import { rememberWords } from './remember-words'
import { SENTINEL } from '../../src/domain/template'
import type { PromptToken } from '../../src/engine/contract'

export interface EncodedText {
  readonly ids: readonly number[]
  /** Pieces in the vocabulary's spelling; an unknown piece keeps its own text. */
  readonly pieces: readonly string[]
}

/** How BERT's vocabularies write it. */
const separator = '[SEP]'
/** How vocabularies mark the start of a word, or that a piece goes on with one. */
const marks = /^(?:▁+|##|Ġ)/u

/** A model's tokenizer, with the ids that T5 gives a meaning. */
export class TextTokenizer {
  private readonly tokenizer: Tokenizer
  private readonly unknownId: number | undefined
  private last: { readonly text: string; readonly encoded: EncodedText } | undefined

  /**
   * @param json a checked `tokenizer.json`, see parseTokenizerFile and parseEncoderTokenizerFile
   * @param config parsed `tokenizer_config.json`, or an empty object
   * @throws ModelFormatError when the library cannot use the file
   */
  constructor(json: object, config: object) {
    try {
      this.tokenizer = new Tokenizer(json, config)
      this.unknownId = this.tokenizer.model?.unk_token_id
      const { model } = this.tokenizer
      if (model?.config.type === 'Unigram') rememberWords(model)
      this.tokenizer.encode('a')
    } catch (cause) {
      const reason = cause instanceof Error ? cause.message : String(cause)
      throw new ModelFormatError('tokenizer.json', 'the tokenizer', 'one that can be used', reason)
    }
  }

  /** Encodes a prompt, end token included. */
  encode(text: string): EncodedText {
    // Fitting a prompt counts it last before it is encoded for the model.
    if (this.last?.text === text) return this.last.encoded
    const { ids, tokens } = this.tokenizer.encode(text)
    this.last = { text, encoded: { ids, pieces: tokens } }
    return this.last.encoded
  }

  /** Encodes a text and its pair as the model has two texts, special tokens around and between them. */
  encodePair(text: string, pair: string): EncodedText {
    const { ids, tokens } = this.tokenizer.encode(text, { text_pair: pair })
    return { ids, pieces: tokens }
  }

  /** Encodes a label's words, without the end token. */
  encodeLabel(words: string): EncodedText {
    const { ids, tokens } = this.tokenizer.encode(words, { add_special_tokens: false })
    return { ids, pieces: tokens }
  }

  /** The id of `<extra_id_0>`, or undefined where the vocabulary has none. */
  get sentinelId(): number | undefined {
    return this.tokenizer.token_to_id(SENTINEL)
  }

  /** The id of BERT's separator, which ends a text and its pair; undefined where the vocabulary has none. */
  get separatorId(): number | undefined {
    return this.tokenizer.token_to_id(separator)
  }

  isUnknown(id: number): boolean {
    return id === this.unknownId
  }

  view({ ids, pieces }: EncodedText): PromptToken[] {
    return ids.map((id, i) => ({ id, piece: pieces[i] ?? '', isUnknown: this.isUnknown(id) }))
  }

  viewId(id: number): PromptToken {
    return { id, piece: this.tokenizer.id_to_token(id) ?? '', isUnknown: this.isUnknown(id) }
  }

  /** The share of the text's characters, spaces aside, that the vocabulary does not know; 1 when nothing is left of it. */
  unknownShare(text: string): number {
    const { ids, pieces } = this.encodeLabel(text)
    let all = 0
    let unknown = 0
    pieces.forEach((piece, i) => {
      const characters = [...piece.replace(marks, '')].length
      all += characters
      if (this.isUnknown(ids[i] ?? -1)) unknown += characters
    })
    return all === 0 ? 1 : unknown / all
  }
}

/** A template with a sentinel asks for the word in the sentinel's place. */
export const hasSentinel = (template: string): boolean => template.includes(SENTINEL)
