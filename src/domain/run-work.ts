/** How long a run takes, from how long an earlier one took: the engine's time goes with the length of its prompts. */
import type { Line } from './lines'

/** Characters that stand for the prompt around a text. */
const PROMPT_CHARACTERS = 40
/** Characters that fill the 128 tokens our models read; what is beyond is cut off. */
const CHARACTERS_AT_MOST = 500
/** So many lines, spread evenly, tell how long all are. */
const SAMPLED_LINES = 1000

/** So many of the lines, spread evenly, or all of them. */
export function sampledLines(lines: readonly Line[], count: number): readonly Line[] {
  if (lines.length <= count) return lines
  const step = lines.length / count
  return Array.from({ length: count }, (_, place) => lines[Math.floor(place * step)]).filter(
    (line) => line !== undefined,
  )
}

/** The work of classifying the lines, in characters of prompts. */
export function workOf(lines: readonly Line[]): number {
  const sampled = sampledLines(lines, SAMPLED_LINES)
  if (sampled.length === 0) return 0
  const total = sampled.reduce(
    (sum, { text, pair = '' }) =>
      sum + PROMPT_CHARACTERS + Math.min(text.length + pair.length, CHARACTERS_AT_MOST),
    0,
  )
  return (total / sampled.length) * lines.length
}
