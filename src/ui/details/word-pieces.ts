import type { WordEffect } from '../../engine/contract'

export interface TextPiece {
  readonly text: string
  /** Undefined for the space between words. */
  readonly word: WordEffect | undefined
  /** From 0 to 1: the word's effect beside the strongest in text and pair. */
  readonly strength: number
}

/** Effects below this are drawn as weak as they are, also in a text where no word mattered. */
const FULL_EFFECT = 0.1

/** The strongest effect of these words either way, or what counts as full where all are weak. */
export const greatestDrop = (words: readonly WordEffect[]): number =>
  words.reduce((most, { drop }) => Math.max(most, Math.abs(drop)), FULL_EFFECT)

/** The text in order, cut into words and what stands between them. Nothing is lost or repeated. */
export function textPieces(
  text: string,
  words: readonly WordEffect[],
  greatest = greatestDrop(words),
): readonly TextPiece[] {
  const pieces: TextPiece[] = []
  let end = 0
  for (const word of words) {
    if (word.start > end) pieces.push({ text: text.slice(end, word.start), word: undefined, strength: 0 })
    pieces.push({ text: text.slice(word.start, word.end), word, strength: Math.abs(word.drop) / greatest })
    end = word.end
  }
  if (end < text.length) pieces.push({ text: text.slice(end), word: undefined, strength: 0 })
  return pieces
}

/** The word without which the label's probability changes most. */
export function strongestWord(words: readonly WordEffect[]): WordEffect | undefined {
  return words.reduce<WordEffect | undefined>(
    (best, word) => (best === undefined || Math.abs(word.drop) > Math.abs(best.drop) ? word : best),
    undefined,
  )
}
