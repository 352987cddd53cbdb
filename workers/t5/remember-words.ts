import type { Tokenizer } from '@huggingface/tokenizers'

type TokenizerModel = NonNullable<Tokenizer['model']>

const wordStart = '▁'
/** Beyond so many words all are forgotten: common ones are soon there again. */
const maxWords = 20_000
/** A longer run of characters is hardly a word that comes back. */
const maxLength = 64

/**
 * Lets a tokenizer's model remember the pieces of each word: finding them is most of what tokenizing costs, and most words
 * of a text were met before. Only where no piece of the vocabulary runs over the start of a word, as in T5's: then the
 * best pieces of a text are those of its words one after another.
 */
export function rememberWords(model: TokenizerModel): void {
  if (model.vocab.some((piece) => piece.lastIndexOf(wordStart) > 0)) return
  const encode = model.encode.bind(model)
  const known = new Map<string, readonly string[]>()
  const piecesOf = (word: string): readonly string[] => {
    const before = known.get(word)
    if (before) return before
    const pieces = encode([word])
    if (word.length > maxLength) return pieces
    if (known.size >= maxWords) known.clear()
    known.set(word, pieces)
    return pieces
  }
  model.encode = (texts) => texts.flatMap((text) => text.split(/(?=▁)/u).flatMap(piecesOf))
}
