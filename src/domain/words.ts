/** Splits a text into the words whose effect on a prediction is measured one by one. */

/** A word with its UTF-16 offsets: `text.slice(start, end) === word`. */
export interface Word {
  readonly word: string
  readonly start: number
  readonly end: number
}

// Signs such as ™ count as pictographs in Unicode but belong to the name before them.
const PICTOGRAPH = String.raw`(?:(?![©®™])\p{Extended_Pictographic}(?:\uFE0F|\p{Emoji_Modifier})?)`
const EMOJI = String.raw`(?:\p{Regional_Indicator}{2}|${PICTOGRAPH}(?:\u200D${PICTOGRAPH})*)+`
const UNIT = String.raw`(?:%|(?:percent|pct|bps|k|m|mn|mln|million|bn|billion|tn|trillion)(?![\p{L}\p{N}]))`
const NUMBER = String.raw`[(+\-\u2212~]*\p{Sc}?\p{N}[\p{N}.,]*`

const PIECE = new RegExp(
  [
    String.raw`https?:\/\/\S+`,
    EMOJI,
    // A number keeps the unit that stands apart from it ("5.2 %", "205.5 mn"): neither half means much alone.
    String.raw`${NUMBER}[ \u00A0]${UNIT}[\p{P}]*`,
    String.raw`(?:(?!${EMOJI})\S)+`,
  ].join('|'),
  'giu',
)

const PUNCTUATION = /^\p{P}+$/u
const UNSPACED = /[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Thai}\p{sc=Lao}\p{sc=Khmer}\p{sc=Myanmar}]/u

function piecesOf(text: string): Word[] {
  return [...text.matchAll(PIECE)].flatMap(({ 0: word, index: start }) => {
    if (!UNSPACED.test(word)) return [{ word, start, end: start + word.length }]
    const segments = new Intl.Segmenter(undefined, { granularity: 'word' }).segment(word)
    return [...segments].map(({ segment, index }) => ({
      word: segment,
      start: start + index,
      end: start + index + segment.length,
    }))
  })
}

/**
 * The words of a text in order: `$TICK`, `#tag`, `@name`, links, numbers with their unit and runs of emoji stay whole;
 * a comma, dash or quote belongs to the word beside it, also across a space ("fell ," is one word). Scripts written
 * without spaces are split by the platform's own dictionary.
 */
export function splitWords(text: string): readonly Word[] {
  const words: Word[] = []
  let leadingStart: number | undefined
  for (const piece of piecesOf(text)) {
    const before = words.at(-1)
    if (!PUNCTUATION.test(piece.word)) {
      const start = leadingStart ?? piece.start
      words.push({ word: text.slice(start, piece.end), start, end: piece.end })
      leadingStart = undefined
    } else if (before !== undefined) {
      words[words.length - 1] = { ...before, word: text.slice(before.start, piece.end), end: piece.end }
    } else {
      leadingStart ??= piece.start
    }
  }
  if (words.length === 0 && leadingStart !== undefined) {
    const word = text.slice(leadingStart).trimEnd()
    return [{ word, start: leadingStart, end: leadingStart + word.length }]
  }
  return words
}

/** The text with one of its words left out, without doubling the space around it. */
export function withoutWord(text: string, word: Word): string {
  const left = text.slice(0, word.start)
  const right = text.slice(word.end)
  const gap = /\s$/.test(left) && /^\s/.test(right) ? ' ' : ''
  return gap === '' ? (left + right).trim() : (left.trimEnd() + gap + right.trimStart()).trim()
}
