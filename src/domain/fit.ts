/** Makes a prompt fit the number of tokens the model was trained with: first fewer demonstrations, then less of the pair, then less text. */
import { askedOf, pairOf, textOf, type Asked } from './asked'
import type { Demonstration } from './task'

export interface FittedPrompt {
  readonly prompt: string
  /** What was kept of the text: all of it, or its start. */
  readonly text: string
  /** What was kept of the pair, empty where there is none. */
  readonly pair: string
  /** Demonstrations left in the prompt; the first ones are dropped first. */
  readonly demonstrationsUsed: number
  /** The end of the pair, or all of it and the end of the text, was left out. */
  readonly isCut: boolean
}

/**
 * The greatest n from 1 to `limit` for which `fits` was seen to be true, or 0. Doubles from `start`, then halves the
 * gap, so that it is exact where `fits` is monotone, and only ever answers an n that fits where it is not quite.
 */
function longestFit(limit: number, start: number, fits: (n: number) => boolean): number {
  let fitting = 0
  let next = Math.min(limit, Math.max(1, start))
  let tooLong = limit + 1
  while (tooLong - fitting > 1) {
    if (fits(next)) fitting = next
    else tooLong = next
    next = tooLong > limit ? Math.min(limit, next * 2) : (fitting + tooLong) >> 1
  }
  return fitting
}

/** What lies beyond so many characters a token cannot fit; counting megabytes of it would hold everything up. */
const MAX_CHARACTERS_PER_TOKEN = 64

/** Never ends between the two halves of a surrogate pair. */
function wholeCodePoints(text: string, end: number): string {
  const last = text.charCodeAt(end - 1)
  return text.slice(0, last >= 0xd800 && last < 0xdc00 && end < text.length ? end - 1 : end)
}

/**
 * The longest start of the text that fits: up to the end of a word, or inside a word only when that word has more
 * characters than the prompt may have tokens (a script without spaces, a run-together line).
 */
function cutText(text: string, maxInputTokens: number, fits: (text: string) => boolean): string {
  const countable = wholeCodePoints(text, Math.min(text.length, maxInputTokens * MAX_CHARACTERS_PER_TOKEN))
  const words = [...countable.matchAll(/\S+/g)].map((match) => ({
    start: match.index,
    end: match.index + match[0].length,
  }))
  if (words.length === 0) return fits(countable) ? countable : ''
  const head = (count: number): string =>
    count >= words.length ? countable : text.slice(0, words[count - 1]?.end ?? 0)
  // A word is seldom less than a token, so the first guess is nearly always too long.
  const kept = longestFit(words.length, maxInputTokens, (count) => fits(head(count)))
  const next = words[kept]
  const keptText = head(kept)
  if (next === undefined || next.end - next.start <= maxInputTokens) return keptText
  const within = (length: number): string => wholeCodePoints(text, next.start + length)
  const inside = longestFit(next.end - next.start - 1, maxInputTokens, (length) => fits(within(length)))
  return inside > 0 ? within(inside) : keptText
}

/**
 * Drops whole demonstrations from the left until the prompt fits in `maxInputTokens`, the query staying whole. When
 * the query alone is too long, the pair's end is cut, and the text's only once nothing of the pair is left; the template
 * stays whole. The returned prompt was counted and fits,
 * unless the template by itself is too long. `countTokens` is given what was rendered besides, for models that read text and
 * pair apart; it need not be exactly monotone in the prompt's length.
 */
export function fitPrompt(
  render: (demonstrations: readonly Demonstration[], asked: Asked) => string,
  demonstrations: readonly Demonstration[],
  asked: Asked,
  countTokens: (prompt: string, asked: Asked) => number,
  maxInputTokens: number,
): FittedPrompt {
  const isShort = (shown: readonly Demonstration[], kept: Asked): boolean =>
    countTokens(render(shown, kept), kept) <= maxInputTokens
  const [whole, wholePair] = [textOf(asked), pairOf(asked)]
  const text = cutText(whole, maxInputTokens, (head) => isShort([], head))
  const pair =
    wholePair === '' || text !== whole
      ? ''
      : cutText(wholePair, maxInputTokens, (head) => isShort([], askedOf({ text, pair: head })))
  if (text !== whole || pair !== wholePair)
    return { prompt: render([], askedOf({ text, pair })), text, pair, demonstrationsUsed: 0, isCut: true }
  const lastOnes = (count: number): readonly Demonstration[] =>
    demonstrations.slice(demonstrations.length - count)
  const used = longestFit(demonstrations.length, demonstrations.length, (count) =>
    isShort(lastOnes(count), asked),
  )
  return { prompt: render(lastOnes(used), asked), text, pair, demonstrationsUsed: used, isCut: false }
}
